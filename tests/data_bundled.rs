//! The bundled sets against the numbers of `tests/references/prepared_sets.py` (numpy 2.4.6,
//! scikit-learn 1.9.1).

use std::path::Path;

use descent::data::{
    BUNDLED_SETS, BundledSet, Cells, Loaded, Scaling, Source, Split, TargetColumn, load, prepare,
};

fn bundled(name: &str) -> (std::sync::Arc<Loaded>, Source) {
    let source = Source::Bundled(name.to_owned());
    (load(&source, Path::new("")).expect("a bundled set"), source)
}

/// Everything in the training part, unscaled.
fn whole(name: &str) -> descent::data::Prepared {
    let (loaded, source) = bundled(name);
    let split = Split::of(1.0, 0.0, 0.0, false);
    prepare(&loaded, &source, &split, Scaling::Off, 0).expect("prepared")
}

#[test]
fn values_are_those_of_scikit_learn() {
    type Reference = (&'static str, usize, usize, &'static [usize], f64, f64, f64);
    // Name, samples, features, samples per class (alphabetical), mean and standard deviation of
    // all values, sum of the last sample.
    let references: [Reference; 4] = [
        ("iris", 150, 4, &[50, 50, 50], 3.4644999999999997, 1.9738430577598278, 15.8),
        ("wine", 178, 13, &[59, 71, 48], 69.13366292091617, 215.74620420485243, 717.5999999999999),
        (
            "breast_cancer",
            569,
            30,
            &[357, 212],
            61.890712339519624,
            228.29740508276657,
            653.1847720000001,
        ),
        (
            "digits",
            1797,
            64,
            &[178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
            4.884164579855314,
            6.016787548672236,
            392.0,
        ),
    ];
    for (name, n_samples, n_features, counts, mean, std, last) in references {
        let prepared = whole(name);
        let train = &prepared.train;
        assert_eq!((train.n_samples(), prepared.n_features()), (n_samples, n_features), "{name}");
        let TargetColumn::Classes(classes) = &train.targets else { panic!("{name}: classes") };
        let mut found = vec![0; prepared.class_names.len()];
        classes.iter().for_each(|class| found[*class as usize] += 1);
        assert_eq!(found, counts, "{name}");
        let n = train.features.len() as f64;
        let our_mean = train.features.iter().sum::<f64>() / n;
        let squares = train.features.iter().map(|x| (x - our_mean) * (x - our_mean)).sum::<f64>();
        let our_last: f64 = train.features[(n_samples - 1) * n_features..].iter().sum();
        // Sums of up to 115,008 terms in another order than numpy's.
        for (ours, theirs) in [(our_mean, mean), ((squares / n).sqrt(), std), (our_last, last)] {
            assert!((ours - theirs).abs() <= 1e-11 * theirs, "{name}: {ours} {theirs}");
        }
        assert!(prepared.notes.is_empty(), "{name}: {:?}", prepared.notes);
    }
    assert_eq!(whole("iris").class_names, ["setosa", "versicolor", "virginica"]);
    assert_eq!(whole("breast_cancer").class_names, ["benign", "malignant"]);
    let digits: Vec<String> = (0..10).map(|digit| digit.to_string()).collect();
    assert_eq!(whole("digits").class_names, digits);
}

#[test]
fn penguins_are_those_of_their_publication() {
    let (loaded, _) = bundled("penguins");
    // Mean and sample standard deviation as palmerpenguins 0.1.1 (R) prints them, seven digits.
    let published = [
        (2, "43.92193", "5.459584"),
        (3, "17.15117", "1.974793"),
        (4, "200.9152", "14.06171"),
        (6, "4201.754", "801.9545"),
    ];
    for (column, mean, std) in published {
        let Cells::Numeric(values) = &loaded.table.columns[column].cells else { panic!("numbers") };
        let values: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        assert_eq!(values.len(), 342);
        let ours = values.iter().sum::<f64>() / 342.0;
        let squares = values.iter().map(|x| (x - ours) * (x - ours)).sum::<f64>();
        let digits = |text: &str| text.split('.').nth(1).map_or(0, str::len);
        assert_eq!(format!("{ours:.*}", digits(mean)), mean);
        assert_eq!(format!("{:.*}", digits(std), (squares / 341.0).sqrt()), std);
    }
    let prepared = whole("penguins");
    assert_eq!(
        prepared.feature_names,
        [
            "species = Adelie",
            "species = Chinstrap",
            "species = Gentoo",
            "island = Biscoe",
            "island = Dream",
            "island = Torgersen",
            "bill length in mm",
            "bill depth in mm",
            "flipper length in mm",
            "sex = female",
            "sex = male",
            "sex = missing",
        ]
    );
    assert_eq!(
        prepared.notes,
        [
            "2 rows left out because the target `body mass in g` is missing",
            "`sex`: missing values made a level of their own",
        ]
    );
    // The fourth row has no mass; the ninth has no sex.
    assert!(prepared.train.rows.iter().take(4).eq([0, 1, 2, 4]));
    let row = &prepared.train.features[7 * 12..8 * 12];
    assert_eq!(row, [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 34.1, 18.1, 193.0, 0.0, 0.0, 1.0]);
}

#[test]
fn every_set_says_where_it_is_from_and_can_be_prepared() {
    let about = include_str!("../assets/data/README.md");
    for set in BUNDLED_SETS {
        assert!(about.contains(&format!("`{}.csv`", set.name)), "{}", set.name);
        let doi = set.citation.split("doi:").nth(1).expect("a DOI");
        assert!(about.contains(doi), "{}", set.name);
        let (loaded, source) = bundled(set.name);
        let prepared = prepare(&loaded, &source, &Split::default(), Scaling::Standardize, 1)
            .expect("prepared");
        assert_eq!(prepared.fingerprint.len(), 64);
        let parts = [&prepared.train, &prepared.validation, &prepared.test];
        assert!(parts.iter().all(|part| part.features.iter().all(|value| value.is_finite())));
    }
    assert_eq!(
        BundledSet::named("digit").unwrap_err().to_string(),
        "data: there is no bundled set `digit`; did you mean `digits`? (there are `iris`, `wine`, `breast_cancer`, `digits`, `penguins`)"
    );
}
