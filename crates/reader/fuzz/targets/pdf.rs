#![no_main]

#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

libfuzzer_sys::fuzz_target!(
    // libFuzzer ends at any panic, even at one that is caught; the reader catches those of the pdf library. Panics that
    // get out of the reader still end it.
    init: std::panic::set_hook(Box::new(|_| {})),
    |input: &[u8]| chengjing_reader_fuzz::run("pdf", input, &MEMORY)
);
