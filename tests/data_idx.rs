//! Pictures in the IDX format, as MNIST is kept.

use std::io::Write;
use std::path::Path;

use descent::data::{Cells, IdxSource, ImageShape, Progress, Source, load, load_with};

fn idx(kind: u8, sizes: &[u32], numbers: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, kind, sizes.len() as u8];
    sizes.iter().for_each(|size| bytes.extend(size.to_be_bytes()));
    bytes.extend(numbers);
    bytes
}

/// Three pictures of two rows and three columns.
fn pictures() -> Vec<u8> {
    idx(8, &[3, 2, 3], &(0..18).map(|k| 10 * k).collect::<Vec<u8>>())
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn read(folder: &Path, name: &str) -> Result<std::sync::Arc<descent::data::Loaded>, String> {
    let source = Source::of_file(&folder.join(name));
    load(&source, folder).map_err(|error| {
        let text = error.to_string();
        text.replace(&format!("{}/", folder.display()), "")
    })
}

#[test]
fn pictures_and_labels() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("train-images-idx3-ubyte", &pictures());
    write("train-labels-idx1-ubyte", &idx(8, &[3], &[7, 2, 7]));
    write("t10k-images-idx3-ubyte.gz", &gzipped(&pictures()));
    write("t10k-labels-idx1-ubyte.gz", &gzipped(&idx(8, &[3], &[7, 2, 7])));
    let plain = read(folder.path(), "train-images-idx3-ubyte").unwrap();
    let names: Vec<&str> = plain.table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(
        (names.len(), names[0], names[5], names[6]),
        (7, "row 1 column 1", "row 2 column 3", "label")
    );
    assert_eq!(plain.table.columns[4].cells, Cells::Numeric(vec![40.0, 100.0, 160.0]));
    let levels = vec!["2".to_owned(), "7".to_owned()];
    let codes = vec![Some(1), Some(0), Some(1)];
    assert_eq!(plain.table.columns[6].cells, Cells::Nominal { levels, codes });
    assert_eq!((plain.target, plain.image_shape), (6, Some(ImageShape::new(2, 3))));
    // The pictures are found by their labels, and compressed ones are the same.
    let packed = read(folder.path(), "t10k-labels-idx1-ubyte.gz").unwrap();
    assert_eq!((&packed.table, &packed.fingerprint), (&plain.table, &plain.fingerprint));
    let stated = IdxSource {
        images: "train-images-idx3-ubyte".into(),
        labels: "t10k-labels-idx1-ubyte.gz".into(),
    };
    assert_eq!(load(&Source::Idx(stated), folder.path()).unwrap().table, plain.table);
    // Other types of numbers, and vectors.
    let floats: Vec<u8> = [0.5f32, -1.0, 2.0, 4.0].iter().flat_map(|x| x.to_be_bytes()).collect();
    write("x-images-idx2", &idx(0x0d, &[2, 2], &floats));
    write("x-labels-idx1", &idx(9, &[2], &[0xff, 1]));
    let vectors = read(folder.path(), "x-images-idx2").unwrap();
    assert_eq!(vectors.table.columns[1].cells, Cells::Numeric(vec![-1.0, 4.0]));
    assert_eq!(vectors.image_shape, None);
    let Cells::Nominal { levels, .. } = &vectors.table.columns[2].cells else { panic!() };
    assert_eq!(levels, &["-1", "1"]);
}

#[test]
fn what_is_wrong_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let says = |images: &[u8], labels: Option<&[u8]>| {
        let place = folder.path();
        std::fs::write(place.join("a-images"), images).unwrap();
        match labels {
            Some(labels) => std::fs::write(place.join("a-labels"), labels).unwrap(),
            None => drop(std::fs::remove_file(place.join("a-labels"))),
        }
        let source = IdxSource { images: "a-images".into(), ..IdxSource::default() };
        let error = load(&Source::Idx(source), place).unwrap_err().to_string();
        error.replace(&format!("{}/", place.display()), "")
    };
    let whole = pictures();
    let labels = idx(8, &[3], &[7, 2, 7]);
    assert_eq!(
        says(&whole, None),
        "a-images: these are pictures (IDX), and their labels are missing: `a-labels` or `a-labels.gz` is expected beside them"
    );
    assert_eq!(
        says(&whole[..20], Some(&labels)),
        "a-images: the file says that it holds 3 items and ends after 0; it was cut"
    );
    assert_eq!(
        says(&whole[..29], Some(&labels)),
        "a-images: the file says that it holds 3 items and ends after 2; it was cut"
    );
    assert_eq!(
        says(&whole[..7], Some(&labels)),
        "a-images: the file ends within its first bytes; it was cut"
    );
    assert_eq!(
        says(&[whole.clone(), vec![1]].concat(), Some(&labels)),
        "a-images: there is more in the file than the 3 items that it says it holds"
    );
    assert_eq!(
        says(&[b"\0\0\x07\x03".to_vec(), whole[4..].to_vec()].concat(), Some(&labels)),
        "a-images: the first bytes are 00 00 07 03, so this is no IDX file (00 00 08 03 begins one of pictures, 00 00 08 01 one of labels)"
    );
    assert_eq!(
        says(&whole, Some(&idx(8, &[2], &[7, 2]))),
        format!(
            "a-labels: there are 2 labels for 3 pictures in {}",
            folder.path().join("a-images").display()
        )
        .replace(&format!("{}/", folder.path().display()), "")
    );
    assert_eq!(
        says(&whole, Some(&whole)),
        "a-labels: these are no labels: a list of numbers (IDX) is expected"
    );
    assert_eq!(
        says(&labels, Some(&labels)),
        "a-images: this is a list of labels (IDX); open the file of pictures that belongs to it"
    );
    let huge = idx(8, &[u32::MAX, 65_536, 65_536], &[]);
    assert_eq!(
        says(&huge, Some(&labels)),
        "a-images: the file says that it holds 4294967295 × 65536 × 65536 numbers, more than the 2²⁹ that are read"
    );
    let promised = idx(8, &[60_000, 28, 28], &[1, 2, 3]);
    assert_eq!(
        says(&promised, Some(&labels)),
        "a-images: the file says that it holds 60000 items and ends after 0; it was cut"
    );
}

#[test]
fn sizes_are_bounded_before_anything_is_reserved() {
    let folder = tempfile::tempdir().unwrap();
    let says = |images: &[u8]| {
        std::fs::write(folder.path().join("a-images"), images).unwrap();
        std::fs::write(folder.path().join("a-labels"), idx(8, &[1], &[7])).unwrap();
        read(folder.path(), "a-images").unwrap_err()
    };
    let n = (1 << 20) + 1;
    assert_eq!(
        says(&idx(8, &[1, n, 1], &vec![0; n as usize])),
        "a-images: a picture of 1048577 numbers is more than the 2²⁰ that are read; make the pictures smaller"
    );
    assert_eq!(
        says(&idx(8, &[0, u32::MAX, u32::MAX, u32::MAX], &[])),
        "a-images: the file says that it holds 0 × 4294967295 × 4294967295 × 4294967295 numbers: there is nothing in it"
    );
    assert_eq!(
        says(&idx(8, &[1, 0, 28], &[])),
        "a-images: the file says that it holds 1 × 0 × 28 numbers: there is nothing in it"
    );
}

#[test]
fn labels_that_are_equal_are_one_class_and_those_that_are_none_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let labels: Vec<u8> =
        [0.0f32, -0.0, 1.0, f32::NAN].iter().flat_map(|x| x.to_be_bytes()).collect();
    write("a-images", &idx(8, &[4, 1, 2], &[1, 2, 3, 4, 5, 6, 7, 8]));
    write("a-labels", &idx(0x0d, &[4], &labels));
    let found = read(folder.path(), "a-images").unwrap();
    let levels = vec!["0".to_owned(), "1".to_owned()];
    let codes = vec![Some(0), Some(0), Some(1), None];
    assert_eq!(found.table.columns[2].cells, Cells::Nominal { levels, codes });
    assert_eq!(found.report.warnings, ["1 label is no number (NaN): missing"]);
    let progress = Progress::default();
    progress.cancel();
    let source = Source::of_file(&folder.path().join("a-images"));
    let error = load_with(&source, folder.path(), &progress).unwrap_err();
    assert_eq!(error.message, "the reading was cancelled");
}
