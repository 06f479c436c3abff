//! Weights of samples and of classes, from the file to the loss, and what is said of wrong ones.

use std::path::Path;
use std::sync::Arc;

use descent::analysis::ClosedForm;
use descent::data::batches::Batch;
use descent::data::{CsvSource, Scaling, Source, Split, Task, load};
use descent::experiment::Experiment;
use descent::losses::{ClassWeights, Loss};
use descent::math::random::{Purpose, Stream};
use descent::math::team::Team;
use descent::models::Model;
use descent::settings::Span;
use descent::training::{Plan, trainer};

const ALL: Split = Split::of(1.0, 0.0, 0.0, false);

/// An experiment on a table with the column `y` as target.
fn experiment(table: &str, weights: &str, folder: &Path) -> Experiment {
    std::fs::write(folder.join("t.csv"), table).unwrap();
    Experiment {
        data: Source::Csv(CsvSource {
            path: "t.csv".into(),
            target: "y".into(),
            weights: weights.into(),
            ..CsvSource::default()
        }),
        split: ALL,
        scaling: Scaling::Off,
        batch: Batch::Full,
        budget: Span::Steps(5),
        ..Experiment::default()
    }
}

fn plan(experiment: &Experiment, folder: &Path) -> Result<Arc<Plan>, String> {
    let loaded = load(&experiment.data, folder).map_err(|error| error.to_string())?;
    Plan::new("test", experiment, 1, Some(&loaded), folder)
        .map(Arc::new)
        .map_err(|error| error.to_string())
}

/// What a plan of this table is refused with, without the folder.
fn refusal(table: &str, weights: &str, change: impl Fn(&mut Experiment)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut experiment = experiment(table, weights, folder.path());
    change(&mut experiment);
    let message = plan(&experiment, folder.path()).expect_err("a refusal");
    message.rsplit_once("t.csv").map_or(message.clone(), |(_, message)| message.to_owned())
}

fn named(model: &str, loss: &str) -> impl Fn(&mut Experiment) {
    let (model, loss) = (Model::named(model).unwrap(), Loss::named(loss).unwrap());
    move |experiment| {
        experiment.model = model.clone();
        experiment.loss = loss.clone();
    }
}

fn params_after(plan: &Arc<Plan>, n_steps: usize) -> Vec<f64> {
    let (mut trainer, team) = (trainer(plan.clone()), Team::solo());
    (0..n_steps).for_each(|_| trainer.step(&team));
    let mut params = Vec::new();
    trainer.copy_params(&mut params);
    params
}

#[track_caller]
fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        let error = (found - expected).abs();
        assert!(error <= tolerance * expected.abs().max(1.0), "{found} instead of {expected}");
    }
}

#[test]
fn weights_that_cannot_be_are_refused_with_their_line() {
    let regression = |table: &str, weights: &str| refusal(table, weights, |_| {});
    let expected = "a weight must be a finite number of 0 or more";
    assert_eq!(
        regression("x,w,y\n1,1,1\n2,,2\n3,1,3\n", "w"),
        format!(", line 3: the weight in column `w` is missing; {expected}")
    );
    assert_eq!(
        regression("x,w,y\n1,1,1\n2,2,2\n3,-1,3\n", "w"),
        format!(", line 4: the weight in column `w` is `-1`; {expected}")
    );
    assert_eq!(
        regression("x,w,y\n1,heavy,1\n2,light,2\n", "w"),
        format!(", line 2: the weight in column `w` is `heavy`; {expected}")
    );
    assert_eq!(
        regression("x,w,y\n1,1,1\n2,inf,2\n", "w"),
        format!(", line 3: the weight in column `w` is `inf`; {expected}")
    );
    assert_eq!(
        regression("x,weight,y\n1,1,1\n2,2,2\n", "weights"),
        ": the column of weights `weights` is not a column; did you mean `weight`?"
    );
    assert_eq!(
        regression("x,y\n1,1\n2,2\n", "y"),
        ": the column `y` is the target and cannot hold the weights too; choose another"
    );
    assert_eq!(
        regression("x,w,y\n1,0,1\n2,0,2\n", "w"),
        ": the weights in column `w` are all 0; at least one must be above 0"
    );
    // The only weight above 0 belongs to a row without a target.
    assert_eq!(
        regression("x,w,y\n1,0,1\n2,0,2\n3,1,\n", "w"),
        ": all samples of the training part have the weight 0; at least one must be above 0"
    );
}

#[test]
fn the_weights_are_no_feature_and_follow_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let mut experiment = experiment("x,y,w\n1,10,1\n2,,5\n3,30,0.5\n4,40,0\n", "w", folder.path());
    // The last column that is neither ignored nor the weights is the target.
    let Source::Csv(csv) = &mut experiment.data else { panic!("a table") };
    csv.target.clear();
    let plan = plan(&experiment, folder.path()).unwrap();
    let data = plan.data.as_ref().unwrap();
    assert_eq!((&*data.target_name, &data.feature_names[..]), ("y", &["x".to_owned()][..]));
    let weight_of = |row: &usize| [1.0, f64::NAN, 0.5, 0.0][*row];
    let expected: Vec<f64> = data.train.rows.iter().map(weight_of).collect();
    assert_eq!(data.train.weights[..], expected);
    assert!(data.notes.iter().any(|note| note.contains("`w` says how much")), "{:?}", data.notes);
}

/// Whole-number weights are as if rows stood there as often.
#[test]
fn a_weight_of_three_is_three_rows() {
    let folder = tempfile::tempdir().unwrap();
    let weighted = experiment("x,y,w\n1,1,1\n2,5,3\n4,2,2\n5,9,0\n", "w", folder.path());
    let weighted = plan(&weighted, folder.path()).unwrap();
    let rows = tempfile::tempdir().unwrap();
    let repeated = experiment("x,y\n1,1\n2,5\n2,5\n2,5\n4,2\n4,2\n", "", rows.path());
    let repeated = plan(&repeated, rows.path()).unwrap();
    assert_close(&params_after(&weighted, 5), &params_after(&repeated, 5), 1e-14);
    let [weighted, repeated] =
        [weighted, repeated].map(|plan| ClosedForm::of(&plan).expect("a linear regression"));
    assert_close(&weighted.params, &repeated.params, 1e-12);
    assert_close(&[weighted.objective], &[repeated.objective], 1e-12);
}

/// A table with three classes of different sizes.
fn three_classes(n: usize) -> String {
    let mut stream = Stream::new(4, Purpose::Generation);
    let mut table = String::from("a,b,w,y\n");
    for row in 0..n {
        let class = if row % 10 == 0 { 2 } else { usize::from(row % 10 < 4) };
        let [a, b] = [(); 2].map(|()| stream.normal() + class as f64);
        table += &format!("{a:.6},{b:.6},{:.6},c{class}\n", stream.uniform());
    }
    table
}

#[test]
fn class_weights_and_sample_weights_are_multiplied() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let table = three_classes(100);
    let mut both = experiment(&table, "w", path);
    named("Multinomial", "CrossEntropy")(&mut both);
    both.class_weights = ClassWeights::Balanced;
    let both = plan(&both, path).unwrap();
    // 60 of class 0, 30 of class 1, 10 of class 2: 100 / (3 · n_c), written into the column.
    let of_class = [100.0 / 180.0, 100.0 / 90.0, 100.0 / 30.0];
    let mut lines = table.lines();
    let mut product = format!("{}\n", lines.next().unwrap());
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let class = cells[3][1..].parse::<usize>().unwrap();
        let weight = cells[2].parse::<f64>().unwrap() * of_class[class];
        product += &format!("{},{},{weight:.17},{}\n", cells[0], cells[1], cells[3]);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut one = experiment(&product, "w", folder.path());
    named("Multinomial", "CrossEntropy")(&mut one);
    let one = plan(&one, folder.path()).unwrap();
    assert_close(&params_after(&both, 5), &params_after(&one, 5), 1e-13);

    // The same weights as a list.
    let folder = tempfile::tempdir().unwrap();
    let mut list = experiment(&table, "w", folder.path());
    named("Multinomial", "CrossEntropy")(&mut list);
    list.class_weights = ClassWeights::Explicit(of_class.to_vec());
    let list = plan(&list, folder.path()).unwrap();
    assert_eq!(params_after(&both, 5), params_after(&list, 5));
}

/// A batch larger than what passes through the network at a time is one mean, not a mean of means.
#[test]
fn chunks_count_by_their_weights() {
    let folder = tempfile::tempdir().unwrap();
    let n = 5000;
    // The weights grow with the row, so that the chunks have very different ones; one has none.
    let mut table = String::from("x,w,y\n");
    let mut stream = Stream::new(9, Purpose::Generation);
    let (mut sum, mut total) = (0.0, 0.0);
    for row in 0..n {
        let weight = if row < 2500 { 0 } else { row };
        let class = u32::from(stream.uniform() < row as f64 / n as f64);
        table += &format!("0,{weight},c{class}\n");
        sum += weight as f64 * (0.5 - f64::from(class));
        total += weight as f64;
    }
    let mut experiment = experiment(&table, "w", folder.path());
    named("Logistic", "BinaryCrossEntropy")(&mut experiment);
    let rate = descent::settings::Value::Number(1.0);
    experiment.optimizer.set("learning_rate", rate).unwrap();
    experiment.initialization = descent::models::Initialization::Zero;
    // In the order of the file and in an order that is shuffled.
    for (batch, split) in [(Batch::Full, ALL), (Batch::Mini(4999), ALL)] {
        let experiment = Experiment { batch, split, shuffle: false, ..experiment.clone() };
        let plan = plan(&experiment, folder.path()).unwrap();
        let data = &plan.data.as_ref().unwrap().train;
        let left_out = match batch {
            Batch::Full => None,
            _ => Some(data.rows.len() - 1),
        };
        let (mut sum, mut total) = (sum, total);
        if let Some(sample) = left_out {
            let descent::data::TargetColumn::Classes(classes) = &data.targets else { panic!() };
            sum -= data.weights[sample] * (0.5 - f64::from(classes[sample]));
            total -= data.weights[sample];
        }
        // At zero parameters every probability is ½; the gradient of the bias is the mean of ½ − y.
        let params = params_after(&plan, 1);
        assert_close(&params[1..], &[-sum / total], 1e-14);
        let mut trainer = trainer(plan.clone());
        assert_close(&[trainer.objective(&Team::solo())], &[std::f64::consts::LN_2], 1e-14);
    }
}

#[test]
fn class_weights_that_do_not_fit_the_data_are_refused() {
    let table = three_classes(30);
    let softmax = named("Multinomial", "CrossEntropy");
    let message = |weights: ClassWeights| {
        refusal(&table, "", |experiment| {
            softmax(experiment);
            experiment.class_weights = weights.clone();
        })
    };
    assert_eq!(
        message(ClassWeights::Explicit(vec![1.0, 2.0])),
        "class_weights is a list of 2 numbers; it must be a list of 3, one for each class of the target “y”: \
         c0, c1, c2"
    );
    assert_eq!(
        message(ClassWeights::Explicit(vec![1.0, -2.0, 3.0])),
        "class_weights[1] is -2; it must be a finite number of 0 or more"
    );
    let message = refusal("x,y\n1,1\n2,2.5\n", "", |experiment| {
        experiment.class_weights = ClassWeights::Balanced;
    });
    assert_eq!(
        message,
        "class_weights is Balanced; it must be Off, since the target “y” is a number"
    );
    // The one class that counts has only samples that do not.
    let message = refusal("x,w,y\n1,0,a\n2,1,b\n3,1,b\n", "w", |experiment| {
        named("Logistic", "BinaryCrossEntropy")(experiment);
        experiment.class_weights = ClassWeights::Explicit(vec![1.0, 0.0]);
    });
    assert_eq!(
        message,
        "class_weights is 0 for every training sample; it must be a list that gives a training sample a \
         weight above 0"
    );
}

#[test]
fn poisson_takes_counts_as_they_are_and_refuses_negative_ones() {
    let poisson = named("Linear", "Poisson");
    let message = refusal("x,y\n1,1\n2,-3\n3,2\n", "", &poisson);
    assert_eq!(
        message,
        "loss is Poisson; it must be one for the target “y”, which is -3 in row 2 of the data; Poisson needs \
         numbers of 0 or more"
    );
    // Whatever the scaling of the features, counts stay counts.
    let folder = tempfile::tempdir().unwrap();
    let mut experiment = experiment("x,y\n1,0\n2,3\n3,4\n4,11\n", "", folder.path());
    poisson(&mut experiment);
    experiment.scaling = Scaling::Standardize;
    experiment.budget = Span::Steps(400);
    let plan = plan(&experiment, folder.path()).unwrap();
    let data = plan.data.as_ref().unwrap();
    assert_eq!(data.target_scaling, (0.0, 1.0));
    assert_ne!(data.feature_scaling, [(0.0, 1.0)]);
    // Predictions are rates: at the minimum their mean is that of the counts, by ∂L/∂bias = 0.
    let mut trainer = trainer(plan.clone());
    let team = Team::solo();
    while trainer.ending().is_none() {
        trainer.step(&team);
    }
    let mut params = Vec::new();
    trainer.copy_params(&mut params);
    let mut predictor = descent::training::Predictor::new(plan.clone());
    let rates = predictor.outputs(&params, &data.train.features);
    assert!((rates.iter().sum::<f64>() / 4.0 - 4.5).abs() < 0.05, "{rates:?}");
    let best = trainer.outcome().unwrap().best.unwrap();
    assert!(best.quality > 0.9, "R² of the rates: {best:?}");
}

#[test]
fn a_task_that_is_stated_keeps_its_weights() {
    let folder = tempfile::tempdir().unwrap();
    let mut experiment = experiment("x,w,y\n1,1,0\n2,2,1\n3,3,1\n", "w", folder.path());
    named("Logistic", "BinaryCrossEntropy")(&mut experiment);
    let Source::Csv(csv) = &mut experiment.data else { panic!("a table") };
    csv.task = Task::Classification;
    let plan = plan(&experiment, folder.path()).unwrap();
    let mut weights = plan.data.as_ref().unwrap().train.weights.to_vec();
    weights.sort_by(f64::total_cmp);
    assert_eq!(weights, [1.0, 2.0, 3.0]);
}
