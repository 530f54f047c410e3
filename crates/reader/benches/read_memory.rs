//! The most memory that reading holds at once, by length: `cargo bench -p chengjing-reader --bench read_memory`. No
//! assertion: the numbers are for people.

#![allow(clippy::print_stdout, reason = "a bench speaks to the terminal")]

mod text;

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() {
    let layouts = text::layouts();
    for (name, size) in text::SIZES {
        let text = text::text(&layouts, size);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let outcome = chengjing_reader::read_text("bench.txt", &text);
        let memory = (MEMORY.peak_usage() - before) as f64 / text.len() as f64;
        drop(outcome);
        println!("{name:>7}: at most {memory:5.2} × the text");
    }
}
