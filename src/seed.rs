//! Fills the board `main` with sample data: the demo, or a board of a given size. Everything goes through the writer, as if people
//! had done it.

mod demo;
mod large;
mod seeder;

pub use demo::demo;
pub use large::{Size, large};
pub use seeder::Error;
