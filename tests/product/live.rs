//! Live: what one does everybody else sees, at once, and whoever was away gets what was missed.

mod boards;
mod deaf;
mod echo;
mod evenings;
mod everything;
mod memory;
mod missed;
mod presence;
mod storm;
mod tabs;
