//! Standards and catalogues on the way out: as a workbook for an office, as YAML for whoever keeps them.

mod workbook;
mod yaml;

pub use workbook::{catalogue_to_xlsx, standard_to_xlsx};
pub use yaml::to_yaml;
