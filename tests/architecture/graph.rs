//! The graph of the source files: an edge for each file that uses something which another file defines.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::imports::Imports;

/// The files of a crate by the path of their module, with what they import.
pub(super) struct Sources {
    files: BTreeMap<String, Imports>,
    /// The files that each file uses.
    edges: BTreeMap<String, BTreeSet<String>>,
}

impl Sources {
    /// The files below a folder. Those that only tests declare are left out, since no other file declares them.
    pub(super) fn read(folder: &Path) -> Sources {
        let mut texts = Vec::new();
        collect(folder, "", &mut texts);
        Sources::new(
            texts
                .iter()
                .map(|(module, text)| (module.as_str(), text.as_str())),
        )
    }

    /// Module paths (`lib` for the root) and texts.
    pub(super) fn new<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> Sources {
        let mut files: BTreeMap<String, Imports> = texts
            .into_iter()
            .map(|(module, text)| (module.to_owned(), Imports::of(text)))
            .collect();
        // Removing a file that only tests declare leaves those that it declares.
        while remove_undeclared(&mut files) {}
        let mut sources = Sources {
            files,
            edges: BTreeMap::new(),
        };
        sources.edges = sources
            .files
            .iter()
            .map(|(module, imports)| (module.clone(), sources.used_by(module, imports)))
            .collect();
        sources
    }

    pub(super) fn contains(&self, module: &str) -> bool {
        self.files.contains_key(module)
    }

    pub(super) fn depends(&self, module: &str, on: &str) -> bool {
        self.edges[module].contains(on)
    }

    /// Uses of a top-level module that the list does not allow.
    pub(super) fn forbidden(&self, allowed: &[(&str, &[&str])]) -> Vec<String> {
        let mut found = Vec::new();
        for (module, used) in &self.edges {
            let from = top(module);
            if ["lib", "main"].contains(&from) {
                continue;
            }
            let may = allowed
                .iter()
                .find(|(name, _)| *name == from)
                .map_or(&[] as &[&str], |(_, may)| may);
            for target in used {
                let to = top(target);
                if to != from && !may.contains(&to) {
                    found.push(format!("{module} uses {target}, but may not use {to}"));
                }
            }
        }
        found
    }

    /// Groups of files each of which depends on all others of the group.
    pub(super) fn cycles(&self) -> Vec<String> {
        let reachable: BTreeMap<&String, BTreeSet<&String>> = self
            .files
            .keys()
            .map(|module| (module, self.reachable(module)))
            .collect();
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for (module, reached) in &reachable {
            let group: Vec<&str> = reached
                .iter()
                .filter(|other| reachable[*other].contains(module))
                .map(|other| other.as_str())
                .collect();
            if group.len() > 1 && seen.insert(group.clone()) {
                found.push(group.join(", "));
            }
        }
        found
    }

    fn reachable<'s>(&'s self, module: &str) -> BTreeSet<&'s String> {
        let mut reached = BTreeSet::new();
        let mut queue: Vec<&String> = self.edges[module].iter().collect();
        while let Some(next) = queue.pop() {
            if reached.insert(next) {
                queue.extend(&self.edges[next]);
            }
        }
        reached
    }

    fn used_by(&self, module: &str, imports: &Imports) -> BTreeSet<String> {
        let exported: BTreeSet<&Vec<String>> =
            imports.exported.iter().map(|(path, _)| path).collect();
        let mut used: BTreeSet<String> = imports
            .used
            .iter()
            // What a file only exports again, it does not depend on.
            .filter(|path| !exported.contains(path))
            .filter_map(|path| self.definition(module, path, 0))
            .collect();
        used.remove(module);
        used.remove("lib");
        used
    }

    /// The file that defines what a path leads to.
    fn definition(&self, from: &str, path: &[String], depth: usize) -> Option<String> {
        let (mut module, rest) = self.start(from, path)?;
        for name in rest {
            let child = join(&module, name);
            if self.files.contains_key(&child) {
                module = child;
                continue;
            }
            // Re-exports lead on; the limit ends those that lead to themselves.
            if depth < 8
                && let Some(path) = self.exported(&module, name)
            {
                return self.definition(&module, &path, depth + 1);
            }
            return Some(module);
        }
        Some(module)
    }

    /// Where a re-export of this name leads, if there is one.
    fn exported(&self, module: &str, name: &str) -> Option<Vec<String>> {
        let exports = &self.files.get(module)?.exported;
        exports
            .iter()
            .find(|(_, exported)| exported == name)
            .map(|(path, _)| path.clone())
    }

    /// The module where a path begins, and the rest of the path.
    fn start<'p>(&self, from: &str, path: &'p [String]) -> Option<(String, &'p [String])> {
        let mut module = from.to_owned();
        let mut rest = path;
        while let [first, after @ ..] = rest {
            match first.as_str() {
                "crate" => module = "lib".to_owned(),
                "super" => module = parent(&module),
                "self" => {}
                _ => break,
            }
            rest = after;
        }
        let begins_here =
            rest.len() < path.len() || self.files.get(from)?.modules.contains(&path[0]);
        begins_here.then_some((module, rest))
    }
}

/// Removes the files that no other declares. Returns whether there were any.
fn remove_undeclared(files: &mut BTreeMap<String, Imports>) -> bool {
    let declared: BTreeSet<String> = files
        .iter()
        .flat_map(|(module, imports)| imports.modules.iter().map(move |child| join(module, child)))
        .collect();
    let before = files.len();
    files.retain(|module, _| {
        ["lib", "main"].contains(&module.as_str()) || declared.contains(module)
    });
    files.len() < before
}

fn collect(folder: &Path, module: &str, texts: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = match module {
            "" => stem.into_owned(),
            parent => format!("{parent}::{stem}"),
        };
        if path.is_dir() {
            collect(&path, &name, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            texts.push((
                name,
                fs::read_to_string(&path).expect("the file can be read"),
            ));
        }
    }
}

fn join(module: &str, child: &str) -> String {
    match module {
        "lib" | "main" => child.to_owned(),
        parent => format!("{parent}::{child}"),
    }
}

fn parent(module: &str) -> String {
    module
        .rsplit_once("::")
        .map_or("lib", |(parent, _)| parent)
        .to_owned()
}

fn top(module: &str) -> &str {
    module.split_once("::").map_or(module, |(top, _)| top)
}
