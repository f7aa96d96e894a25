//! Live updates: every change reaches every open page, and a reconnecting page gets what it missed.

mod board_cache;
mod boards;
mod command_sequences;
mod echo;
mod presence;
mod propagation;
mod random_load;
mod resume;
mod slow_clients;
mod tabs;
