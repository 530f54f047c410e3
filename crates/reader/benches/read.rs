//! Speed of reading by length: `cargo bench -p chengjing-reader --bench read`. No assertion: the numbers are for people.
//! The allocator is the program's; what reading holds is measured apart, since counting costs time.

#![allow(clippy::print_stdout, reason = "a bench speaks to the terminal")]

mod text;

use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let layouts = text::layouts();
    for (name, size) in text::SIZES {
        let text = text::text(&layouts, size);
        let rounds = (50_000_000 / text.len()).clamp(1, 200);
        let mut entries = 0;
        // The fastest round: what the machine does besides only ever makes one slower.
        let mut fastest = f64::INFINITY;
        for _ in 0..rounds {
            let start = Instant::now();
            let outcome = chengjing_reader::read_text("bench.txt", &text);
            fastest = fastest.min(start.elapsed().as_secs_f64());
            entries = outcome.reading.plans.iter().map(|plan| plan.duties.len()).sum();
        }
        let speed = text.len() as f64 / 1e6 / fastest;
        println!("{name:>7}: {speed:6.2} MB/s  ({entries} duties)");
    }
}
