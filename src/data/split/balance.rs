//! Classes that are rare, pointed out with what can be done.

use super::{NAMES, counted};

/// A class with less than one in so many samples of the most frequent is called rare.
const RARE: usize = 10;
/// Fewer samples of a class than this in a part make its figures a matter of luck …
const FEW: usize = 3;
/// … where the part has room for more: so many for each class.
const ROOM: usize = 10;

/// Notes that the rarest class is much rarer than the most frequent, and parts that have next to
/// nothing of a class.
pub(in crate::data) fn remark_on_balance(
    counts: &[Vec<usize>; 3],
    names: &[String],
    is_stratified: bool,
    notes: &mut Vec<String>,
) {
    let totals: Vec<usize> =
        (0..names.len()).map(|class| counts.iter().map(|of_part| of_part[class]).sum()).collect();
    let present = || (0..names.len()).filter(|class| totals[*class] > 0);
    let (Some(most), Some(rarest)) = (
        present().max_by_key(|class| totals[*class]),
        present().min_by_key(|class| totals[*class]),
    ) else {
        return;
    };
    if totals[rarest] * RARE < totals[most] {
        let stratify = if is_stratified { "" } else { "a stratified split, " };
        notes.push(format!(
            "the classes are uneven: {} of `{}` and {} of `{}`, so accuracy says little of the rare one; {stratify}class weights `Balanced`, class-balanced sampling or a focal loss may help",
            totals[rarest], names[rarest], totals[most], names[most]
        ));
    }
    for (name, counts) in NAMES.iter().zip(counts) {
        if counts.iter().sum::<usize>() < ROOM * names.len() {
            continue;
        }
        let few = || (0..names.len()).filter(|class| totals[*class] > 0 && counts[*class] < FEW);
        // What is not trained on at all is said elsewhere.
        let Some(first) = few().find(|class| *name != NAMES[0] || counts[*class] > 0) else {
            continue;
        };
        let others = match few().count() {
            0 | 1 => String::new(),
            n => format!(", and few of {} more", counted(n - 1, "class", "classes")),
        };
        notes.push(format!(
            "the {name} part has {} of class `{}`{others}; what it says of them is luck",
            counted(counts[first], "sample", "samples"),
            names[first]
        ));
    }
}
