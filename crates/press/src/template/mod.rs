//! Templates that offices write: a docx whose placeholders are filled in. `docs/TEMPLATES.md` tells their language.

mod docx;
mod fault;
mod fill;
mod tags;
mod tree;

pub use docx::fill_docx;
pub use fault::{TemplateFault, Why};
