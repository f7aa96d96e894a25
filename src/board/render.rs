//! A board as markup: all of its rows at one version, and the fragments that update a page.

mod fragments;
pub(super) mod page_rows;
pub(super) mod rendering;
