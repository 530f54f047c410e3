//! Speed and memory of reading by length: `cargo bench -p chengjing-reader`. The text is made of the layouts under
//! `tests/data`, one after the other. No assertion: the numbers are for people.

#![allow(clippy::print_stdout, reason = "a bench speaks to the terminal")]

use std::{fs, path::Path, time::Instant};

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/layouts");
    let mut paths: Vec<_> =
        fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let texts: Vec<String> = paths.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    // Tables of traditional characters and the like are loaded once and are no part of any text.
    for text in &texts {
        chengjing_reader::read_text("warm.txt", text);
    }
    for (name, size) in [("10 kB", 10_000), ("100 kB", 100_000), ("1 MB", 1_000_000), ("10 MB", 10_000_000)] {
        let mut text = String::with_capacity(size + 20_000);
        for piece in texts.iter().cycle() {
            if text.len() >= size {
                break;
            }
            text.push_str(piece);
            text.push('\n');
        }
        let rounds = (20_000_000 / text.len()).clamp(1, 200);
        let mut entries = 0;
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        // The fastest round: what the machine does besides only ever makes one slower.
        let mut fastest = f64::INFINITY;
        for _ in 0..rounds {
            let start = Instant::now();
            let outcome = chengjing_reader::read_text("bench.txt", &text);
            fastest = fastest.min(start.elapsed().as_secs_f64());
            entries = outcome.reading.plans.iter().map(|plan| plan.duties.len()).sum();
        }
        let speed = text.len() as f64 / 1e6 / fastest;
        let memory = (MEMORY.peak_usage() - before) as f64 / text.len() as f64;
        println!("{name:>7}: {speed:6.2} MB/s, memory at most {memory:5.2} × the text  ({entries} duties)");
    }
}
