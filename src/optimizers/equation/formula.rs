//! Formulas as members write them, read: worked out with numbers, and written with numbers in place
//! of symbols. So the line on screen is what is computed, and no member says it twice.
//!
//! ```text
//! sum     = product { (+ | −) product }
//! product = signed { [· | /] signed }         a factor beside a factor: both multiplied, from the left
//! signed  = − signed | √ signed | atom { ² | ³ | ᵗ | ^ atom }
//! atom    = number | symbol | (sum) | |sum| | max(sum, sum) | min(sum, sum) | sign(sum)
//! ```
//!
//! A symbol is a letter with its marks (`m̂`, `β₁`, `g′`, `η⁺`, `ρ∞`) or a norm (`‖θ‖`).

use crate::math::Scalar;
use crate::math::power::power;

/// What a symbol stands for: its value, and how that is written.
pub(super) type Known<'a> = (f64, &'a str);

/// The value of a formula; `None` where it cannot be read or a symbol is not known.
pub(super) fn value<'a>(formula: &str, known: &dyn Fn(&str) -> Option<Known<'a>>) -> Option<f64> {
    let tokens = tokens(formula)?;
    let mut reader = Reader { tokens: &tokens, next: 0, known };
    let value = reader.sum()?;
    (reader.next == tokens.len()).then_some(value)
}

/// The formula with numbers in place of its symbols; `None` as for [`value`].
pub(super) fn filled<'a>(
    formula: &str,
    known: &dyn Fn(&str) -> Option<Known<'a>>,
) -> Option<String> {
    let tokens = tokens(formula)?;
    let mut text = String::new();
    let mut is_inside = false;
    // Whether an operand has just ended, and whether a negative number may follow as it is.
    let (mut after_operand, mut at_start) = (false, true);
    for (index, token) in tokens.iter().enumerate() {
        let next = tokens.get(index + 1);
        let is_raised = matches!(next, Some(Token::Power(_) | Token::Mark('^')));
        let opens = *token == Token::Mark('|') && !is_inside;
        let begins =
            opens || matches!(token, Token::Number(..) | Token::Symbol(_) | Token::Mark('(' | '√'));
        let is_call = index > 0 && is_function(&tokens[index - 1]);
        if begins && after_operand && !is_call {
            text.push_str(" · ");
        }
        match token {
            Token::Number(_, digits) => text.push_str(digits),
            Token::Symbol(name) if is_function(token) => text.push_str(name),
            Token::Symbol(name) => {
                let (value, number) = known(name)?;
                let bare = (at_start || value >= 0.0) && !(is_raised && value < 0.0);
                if bare && !(is_raised && number.contains('e')) {
                    text.push_str(number);
                } else {
                    text.push_str(&format!("({number})"));
                }
            }
            Token::Power('t') => text.push_str(&superscript(known("t")?.1)),
            Token::Power(digit) => text.push(if *digit == '2' { '²' } else { '³' }),
            Token::Mark(mark @ ('+' | '−' | '·' | '/')) if after_operand => {
                text.push_str(&format!(" {mark} "));
            }
            Token::Mark(',') => text.push_str(", "),
            Token::Mark(mark) => text.push(*mark),
        }
        is_inside ^= *token == Token::Mark('|');
        after_operand = matches!(token, Token::Number(..) | Token::Power(_) | Token::Mark(')'))
            || (matches!(token, Token::Symbol(_)) && !is_function(token))
            || (*token == Token::Mark('|') && !opens);
        at_start = opens || matches!(token, Token::Mark('(' | ','));
    }
    Some(text)
}

/// A whole number as an exponent.
fn superscript(digits: &str) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = digits.chars().filter_map(|digit| digit.to_digit(10));
    digits.map(|digit| RAISED[digit as usize]).collect()
}

#[derive(Clone, Debug, PartialEq)]
enum Token<'a> {
    Number(f64, &'a str),
    Symbol(&'a str),
    /// To the power of 2, of 3, or of `t`.
    Power(char),
    Mark(char),
}

fn is_function(token: &Token<'_>) -> bool {
    matches!(token, Token::Symbol("max" | "min" | "sign"))
}

/// What may stand behind the first letter of a symbol.
fn is_part_of_symbol(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '₀'..='ₜ' | 'ᵢ'..='ᵪ' | '′' | '∞' | '⁺' | '⁻')
}

fn tokens(formula: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = formula;
    while let Some(first) = rest.chars().next() {
        let behind = &rest[first.len_utf8()..];
        let until = |is_end: &dyn Fn(char) -> bool| {
            rest.len() - behind.len() + behind.find(is_end).unwrap_or(behind.len())
        };
        let length = match first {
            ' ' => 1,
            '½' => {
                tokens.push(Token::Number(0.5, "½"));
                first.len_utf8()
            }
            '0'..='9' => {
                let length = until(&|letter| !letter.is_ascii_digit() && letter != '.');
                tokens.push(Token::Number(rest[..length].parse().ok()?, &rest[..length]));
                length
            }
            '²' | '³' | 'ᵗ' => {
                let by = match first {
                    '²' => '2',
                    '³' => '3',
                    _ => 't',
                };
                tokens.push(Token::Power(by));
                first.len_utf8()
            }
            '‖' => {
                let length = until(&|letter| letter == '‖') + first.len_utf8();
                tokens.push(Token::Symbol(rest.get(..length)?));
                length
            }
            '+' | '−' | '·' | '/' | '(' | ')' | ',' | '|' | '√' | '^' => {
                tokens.push(Token::Mark(first));
                first.len_utf8()
            }
            'a'..='z' | 'A'..='Z' => {
                let length =
                    until(&|letter| !letter.is_ascii_alphabetic() && !is_part_of_symbol(letter));
                tokens.push(Token::Symbol(&rest[..length]));
                length
            }
            letter if letter.is_alphabetic() => {
                let length = until(&|letter| !is_part_of_symbol(letter));
                tokens.push(Token::Symbol(&rest[..length]));
                length
            }
            _ => return None,
        };
        rest = &rest[length..];
    }
    Some(tokens)
}

struct Reader<'a, 'k> {
    tokens: &'a [Token<'a>],
    next: usize,
    known: &'a dyn Fn(&str) -> Option<Known<'k>>,
}

impl Reader<'_, '_> {
    fn take(&mut self, mark: char) -> bool {
        let is_there = self.tokens.get(self.next) == Some(&Token::Mark(mark));
        self.next += usize::from(is_there);
        is_there
    }

    fn sum(&mut self) -> Option<f64> {
        let mut sum = self.product()?;
        loop {
            if self.take('+') {
                sum += self.product()?;
            } else if self.take('−') {
                sum -= self.product()?;
            } else {
                return Some(sum);
            }
        }
    }

    fn product(&mut self) -> Option<f64> {
        let mut product = self.signed()?;
        loop {
            let begins = matches!(
                self.tokens.get(self.next),
                Some(Token::Number(..) | Token::Symbol(_) | Token::Mark('(' | '√'))
            );
            if self.take('/') {
                product /= self.signed()?;
            } else if self.take('·') || begins {
                product *= self.signed()?;
            } else {
                return Some(product);
            }
        }
    }

    fn signed(&mut self) -> Option<f64> {
        if self.take('−') {
            return Some(-self.signed()?);
        }
        if self.take('√') {
            return Some(self.signed()?.sqrt());
        }
        let mut value = self.atom()?;
        loop {
            if let Some(Token::Power(by)) = self.tokens.get(self.next) {
                self.next += 1;
                value = match by {
                    '2' => value * value,
                    '3' => value * value * value,
                    _ => power(value, (self.known)("t")?.0 as u64),
                };
            } else if self.take('^') {
                value = <f64 as Scalar>::powf(value, self.atom()?);
            } else {
                return Some(value);
            }
        }
    }

    fn atom(&mut self) -> Option<f64> {
        let token = self.tokens.get(self.next)?;
        self.next += 1;
        match token {
            Token::Number(value, _) => Some(*value),
            Token::Symbol(name @ ("max" | "min" | "sign")) => {
                let mut arguments = [0.0; 2];
                let n = if *name == "sign" { 1 } else { 2 };
                for (index, argument) in arguments[..n].iter_mut().enumerate() {
                    let opened = self.take(if index == 0 { '(' } else { ',' });
                    *argument = opened.then(|| self.sum())??;
                }
                let [a, b] = arguments;
                self.take(')').then(|| match *name {
                    "max" => a.max(b),
                    "min" => a.min(b),
                    _ => Scalar::sign(a),
                })
            }
            Token::Symbol(name) => (self.known)(name).map(|(value, _)| value),
            Token::Mark('(') => {
                let value = self.sum()?;
                self.take(')').then_some(value)
            }
            Token::Mark('|') => {
                let value = self.sum()?;
                self.take('|').then_some(value.abs())
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Option<Known<'static>> {
        Some(match name {
            "t" => (12.0, "12"),
            "m̂" => (-0.5, "−0.5"),
            "β₁" => (0.5, "0.5"),
            "g′" => (4.0, "4"),
            "ε" => (1e-8, "1e-8"),
            "η⁺" => (1.5, "1.5"),
            "‖θ‖" => (9.0, "9"),
            _ => return None,
        })
    }

    #[test]
    fn formulas_are_worked_out_as_people_read_them() {
        for (formula, expected) in [
            ("1 − β₁ − β₁", 0.0),
            ("g′ m̂ / (β₁ + 1.5)", -1.0),
            ("(1 + 1) / β₁ · g′", 16.0),
            ("g′ / β₁ g′", 32.0),
            ("β₁ m̂² + √g′ − |m̂| β₁", 0.125 + 2.0 - 0.25),
            ("1 − β₁ᵗ", 1.0 - 1.0 / 4096.0),
            ("√(g′ ‖θ‖) sign(m̂)", -6.0),
            ("max(−g′, m̂) + min(η⁺, 2)", 1.0),
            ("β₁ (1 − ½ · g′^(½))", 0.0),
            ("−m̂³", 0.125),
        ] {
            let found = value(formula, &known).unwrap_or(f64::NAN);
            assert!((found - expected).abs() < 1e-15, "{formula}: {found}");
        }
        for wrong in ["1 +", "(1", "q", "max(1)", "1 ; 2", "|1", "1)", "‖θ"] {
            assert_eq!(value(wrong, &known), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_take_the_place_of_symbols() {
        for (formula, expected) in [
            ("β₁ m̂ + (1 − β₁) g′", "0.5 · (−0.5) + (1 − 0.5) · 4"),
            ("m̂ / (1 − β₁ᵗ)", "−0.5 / (1 − 0.5¹²)"),
            ("m̂² ε²", "(−0.5)² · (1e-8)²"),
            ("max(m̂, |m̂| + ε) sign(m̂)", "max(−0.5, |−0.5| + 1e-8) · sign(−0.5)"),
            ("2 t √(g′ + ε) · −m̂", "2 · 12 · √(4 + 1e-8) · −(−0.5)"),
            ("½ · g′^(t β₁)", "½ · 4^(12 · 0.5)"),
        ] {
            assert_eq!(filled(formula, &known).as_deref(), Some(expected));
        }
        assert_eq!(filled("q", &known), None);
    }
}
