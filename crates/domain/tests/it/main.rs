//! Rules of the domain, checked by data and by properties.

mod adoption;
mod comparison;
mod reminders;
mod schedules;
mod schedules_expected;
mod score;
mod score_cards;
mod score_compare;
mod score_counts;
mod score_laws;
mod score_plain;
mod sheet_cells;
mod task_histories;
mod task_making;
mod task_table;
mod undo;
