//! Every input that fuzzing keeps, read again: no panic, a sound outcome, little time and memory. A binary of its own,
//! because the memory of tests that run beside it would count too.

use std::{fs, path::Path, time::Instant};

use peak_alloc::PeakAlloc;

#[allow(unreachable_pub, reason = "it is a library where the fuzz targets use it")]
#[path = "../fuzz/src/lib.rs"]
mod fuzz;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[test]
fn every_kept_input_is_read_soundly_in_little_time_and_memory() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus");
    for format in fuzz::FORMATS {
        let folder = fs::read_dir(corpus.join(format)).expect("a folder for each format");
        let mut paths: Vec<_> = folder.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        assert!(!paths.is_empty(), "nothing is kept for {format}");
        for path in paths {
            let input = fs::read(&path).expect("a readable input");
            let start = Instant::now();
            fuzz::run(format, &input, &MEMORY);
            let seconds = start.elapsed().as_secs();
            // Far more than any of them takes in a debug build on a busy machine, far less than a hang.
            assert!(seconds < 20, "{} took {seconds} s", path.display());
        }
    }
}
