//! The JSON API: every answer is compared with the server's own description of it.

mod boards;
mod client;
mod closing;
mod conditional;
mod consent;
mod contract;
mod document;
mod event_stream;
mod events;
mod features;
mod idempotency;
mod identity;
mod items;
mod methods;
mod moves;
mod paging;
mod participants;
mod patches;
mod program;
mod quick_start;
mod reference;
mod requests;
mod schemas;
mod shell;
mod vetoes;
