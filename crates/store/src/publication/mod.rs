//! What is published: templates of offices, frozen bulletins, the numbers of letters.

pub mod bulletin;
pub mod letter;
pub mod template;
