//! Files of weights, of this program and of others, read alike by every command that takes them, and data brought into their order.

mod scratch;

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use deltascope::data::Scaling;
use deltascope::train::{Config, ResetKind};
use deltascope::weights::WeightFile;
use scratch::Scratch;

/// The folder of files that other programs wrote.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reports")
}

/// The exit status, stdout and stderr of some words in the folder of other programs' files.
fn run(words: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deltascope"));
    let output = command.args(words).current_dir(folder()).stdin(Stdio::null()).output().expect("the program starts");
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("it is UTF-8"));
    (output.status.code(), stdout, stderr)
}

#[track_caller]
fn printed(words: &[&str]) -> (String, String) {
    let (status, stdout, stderr) = run(words);
    assert_eq!(status, Some(0), "{words:?}: {stderr}");
    (stdout, stderr)
}

/// The data term that a command prints first.
fn first_cost(text: &str) -> String {
    let (_, after) = text.split_once("= data ").unwrap_or_else(|| panic!("{text}"));
    after.split_whitespace().next().expect("a number").into()
}

/// The cost that `evaluate` prints.
fn measured(words: &[&str]) -> String {
    let (text, _) = printed(&[&["evaluate"], words].concat());
    text.lines().nth(1).and_then(|line| line.split(',').nth(1)).expect("a number").into()
}

#[test]
fn every_command_reads_a_file_of_weights_alike() {
    let commands: [&[&str]; 7] = [
        &["--headless", "--epochs=1"],
        &["check"],
        &["predict"],
        &["evaluate"],
        &["export", "history", "-", "--epochs=1"],
        &["export", "pytorch", "-"],
        &["export", "screen", "-"],
    ];
    for (file, status, sentences) in [
        ("torch_input_hidden_output_square.safetensors", 1, 1),
        ("torch_conv_then_fc4.safetensors", 1, 1),
        ("torch_with_batchnorm.safetensors", 1, 1),
        ("torch_no_bias.safetensors", 1, 1),
        ("torch_input_hidden_output_square.npz", 0, 3),
        ("torch_fc1_fc2.safetensors", 0, 2),
        ("course_Theta1_Theta2.mat", 0, 2),
    ] {
        let answers = commands.map(|command| {
            let (status, _, said) =
                run(&[command, &["--data=data_4_features.csv", "--target=kind", "--weights", file]].concat());
            (status, said)
        });
        assert_eq!(answers[0].0, Some(status), "{}", answers[0].1);
        assert_eq!(answers[0].1.lines().count(), sentences, "{}", answers[0].1);
        for (command, answer) in commands.iter().zip(&answers) {
            assert_eq!(answer, &answers[0], "{command:?} of {file}");
        }
    }
}

#[test]
fn a_run_scales_nothing_that_came_without_a_scaler_wherever_its_options_come_from() {
    let scratch = Scratch::new();
    let weights = folder().join("course_Theta1_Theta2.mat").to_str().expect("it is UTF-8").to_string();
    let options = scratch.file("options.toml", &format!("weights = \"{weights}\"\ntest-split = 0\n"));
    let run = ["--headless", "--epochs=1", "--data=data_4_features.csv"];
    let (text, said) = printed(&[&run[..], &["--config", &options]].concat());
    assert_eq!(first_cost(&text), "2.4595951245313725");
    assert!(said.contains("has no scaler: features are taken as they are"), "{said}");
    let standard =
        scratch.file("standard.toml", &format!("weights = \"{weights}\"\ntest-split = 0\nscale = \"standard\"\n"));
    let (text, said) = printed(&[&run[..], &["--config", &standard]].concat());
    assert!(first_cost(&text) != "2.4595951245313725" && !said.contains("no scaler"), "{said}");
    // The same start again has the same scaling; other weights have that of the data.
    let file = WeightFile::read(weights.as_ref()).unwrap_or_else(|error| panic!("{error}"));
    let config = Config { weights: Some(Arc::new(file)), layers: vec![5], ..Config::default() };
    let unscaled = Some((Scaling::none(4), Scaling::none(3)));
    assert_eq!(config.preparation().given, unscaled);
    assert_eq!(ResetKind::SameSeed.of(&config).preparation().given, unscaled);
    assert_eq!(ResetKind::NextSeed.of(&config).preparation().given, None);
}

#[test]
fn numbers_are_learnt_in_their_own_unit_by_weights_without_a_scaler() {
    let scratch = Scratch::new();
    let rows: String = (0..12).map(|row| format!("{row},{}\n", 100 + 7 * row)).collect();
    let data = scratch.file("line.csv", &format!("x,y\n{rows}"));
    let saved = scratch.path("own.npz");
    let net = ["--task=regression", "--layers=none", "--test-split=0", "--lambda=0", "--data", &data];
    printed(
        &[
            &["--headless", "--epochs=1", "--scale=none", "--target-scale=none", "--alpha=0.001", "--save", &saved],
            &net[..],
        ]
        .concat(),
    );
    // The same matrix without the description.
    let file = WeightFile::read(saved.as_ref()).unwrap_or_else(|error| panic!("{error}"));
    let foreign = scratch.path("foreign.npz");
    WeightFile { path: foreign.clone().into(), about: None, ..file }.write().expect("it can be written");
    let with = ["--task=regression", "--weights", &foreign, "--data", &data];
    let own = measured(&["--weights", &saved, "--data", &data]);
    assert_eq!(measured(&with), own, "the output is linear, as it is for numbers");
    let (text, said) =
        printed(&[&["--headless", "--epochs=1", "--alpha=0.001"], &net[..], &["--weights", &foreign]].concat());
    assert_eq!(first_cost(&text), own);
    assert!(
        said.contains("features and targets are taken as they are") && said.contains("linear is assumed"),
        "{said}"
    );
}

#[test]
fn a_run_finds_features_and_classes_by_their_names_as_a_measurement_does() {
    let scratch = Scratch::new();
    let rows: [(f64, f64, &str); 6] =
        [(1.0, 10.0, "b"), (2.0, 25.0, "a"), (3.0, 11.0, "c"), (4.0, 30.0, "a"), (5.0, 12.0, "c"), (6.0, 28.0, "b")];
    let lines = |line: &dyn Fn(&(f64, f64, &str)) -> String| rows.iter().map(line).collect::<String>();
    let train = scratch.file("train.csv", &format!("u,v,y\n{}", lines(&|(u, v, y)| format!("{u},{v},{y}\n"))));
    let swapped = scratch.file("swapped.csv", &format!("v,id,u,y\n{}", lines(&|(u, v, y)| format!("{v},7,{u},{y}\n"))));
    let weights = scratch.path("net.npz");
    printed(&[
        "--headless",
        "--layers=3",
        "--epochs=20",
        "--test-split=0",
        "--add=squares",
        "--data",
        &train,
        "--save",
        &weights,
    ]);
    let cost = measured(&["--weights", &weights, "--data", &train]);
    for data in [&train, &swapped] {
        assert_eq!(measured(&["--weights", &weights, "--data", data]), cost);
        let (text, said) =
            printed(&["--headless", "--epochs=1", "--test-split=0", "--weights", &weights, "--data", data]);
        assert_eq!(first_cost(&text), cost, "{data}: {said}");
    }
    // Two of its three classes keep their units.
    let two: String = rows.iter().filter(|row| row.2 != "a").map(|(u, v, y)| format!("{u},{v},{y}\n")).collect();
    let two = scratch.file("two.csv", &format!("u,v,y\n{two}"));
    let (text, _) = printed(&["--headless", "--epochs=1", "--test-split=0", "--weights", &weights, "--data", &two]);
    assert_eq!(first_cost(&text), measured(&["--weights", &weights, "--data", &two]));
    let other = scratch.file("other.csv", "u,v,y\n1,10,b\n2,25,z\n3,11,c\n");
    for command in [&["--headless", "--epochs=1"][..], &["check"], &["evaluate"], &["export", "pytorch", "-"]] {
        let (status, _, said) = run(&[command, &["--weights", &weights, "--data", &other]].concat());
        assert!(status == Some(1) && said.contains("found the class z"), "{command:?}: {said}");
    }
}

#[test]
fn several_targets_are_found_by_their_names_and_labels_that_are_equal_as_numbers_are_the_same() {
    let scratch = Scratch::new();
    let first = scratch.file("first.csv", "a,wide,tall\n0,1,10\n1,3,20\n2,4,35\n3,9,39\n");
    let second = scratch.file("second.csv", "a,tall,wide\n0,10,1\n1,20,3\n2,35,4\n3,39,9\n");
    let weights = scratch.path("net.npz");
    let net = ["--task=regression", "--layers=2", "--test-split=0", "--alpha=0.01"];
    printed(
        &[&["--headless", "--epochs=3", "--target=wide,tall", "--data", &first, "--save", &weights], &net[..]].concat(),
    );
    let cost = |data: &str, targets: &str| measured(&["--weights", &weights, "--data", data, "--target", targets]);
    assert_eq!(cost(&second, "tall,wide"), cost(&first, "wide,tall"));
    let floats = scratch.file("floats.csv", "a,y\n0,0.0\n1,1.0\n2,0.0\n3,1.0\n");
    let whole = scratch.file("whole.csv", "a,y\n0,0\n1,1\n2,0\n3,1\n");
    printed(&["--headless", "--epochs=3", "--layers=2", "--test-split=0", "--data", &whole, "--save", &weights]);
    assert_eq!(
        measured(&["--weights", &weights, "--data", &floats]),
        measured(&["--weights", &weights, "--data", &whole])
    );
}

#[test]
fn flags_that_say_otherwise_than_the_file_are_said_or_refused() {
    let scratch = Scratch::new();
    let weights = scratch.path("iris.npz");
    printed(&["--headless", "--data=iris", "--layers=5,4", "--activation=tanh,sine", "--epochs=1", "--save", &weights]);
    let with = ["--data=iris", "--weights", &weights];
    for command in [&["--headless", "--epochs=1"][..], &["check"], &["predict"], &["evaluate"]] {
        let (_, said) = printed(&[command, &with[..]].concat());
        assert_eq!(said, "", "{command:?}: nothing is assumed");
        let (_, said) = printed(&[command, &with[..], &["--activation=relu", "--output=softmax"]].concat());
        assert!(said.contains("was saved with --activation tanh,sine: relu,relu is used"), "{command:?}: {said}");
        assert!(said.contains("was saved with --output sigmoid: softmax is used"), "{command:?}: {said}");
        for (flag, mention) in
            [("--task=labels", "was trained with --task classes"), ("--add=squares", "was trained with --add none")]
        {
            let (status, _, said) = run(&[command, &with[..], &[flag]].concat());
            assert!(status == Some(2) && said.contains(mention), "{command:?}: {said}");
        }
    }
    // What a file says of its task needs no flag.
    let line = scratch.file("line.csv", "x,y\n1,2\n2,4\n3,6\n4,8\n");
    let saved = scratch.path("line.npz");
    printed(&["--headless", "--task=regression", "--layers=none", "--epochs=1", "--data", &line, "--save", &saved]);
    let (text, _) = printed(&["--headless", "--epochs=1", "--data", &line, "--weights", &saved]);
    assert!(text.contains("RMSE"), "{text}");
}
