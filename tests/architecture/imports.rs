//! Finds the paths in a source file that lead to other modules. Knows the tokens of Rust, but not its grammar: paths are
//! found in `use` declarations, in code, and in the arguments of macros alike.

use std::iter::Peekable;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree, token_stream::IntoIter};

/// The modules a file declares, the paths it uses, and the names it exports again.
#[derive(Default)]
pub(super) struct Imports {
    /// Declared modules that are files of their own and not only for tests.
    pub(super) modules: Vec<String>,
    /// Paths that begin with `crate`, `super`, `self`, or a declared module.
    pub(super) used: Vec<Vec<String>>,
    /// The path and the exported name (`*` for all) of each `pub use`.
    pub(super) exported: Vec<(Vec<String>, String)>,
}

type Tokens = Peekable<IntoIter>;

impl Imports {
    pub(super) fn of(text: &str) -> Imports {
        let tokens: TokenStream = text.parse().expect("the source is made of Rust tokens");
        let mut imports = Imports::default();
        imports.scan(tokens);
        let modules = imports.modules.clone();
        let is_ours = |path: &[String]| {
            let first = path[0].as_str();
            ["crate", "super", "self"].contains(&first) || modules.iter().any(|name| name == first)
        };
        imports.used.retain(|path| is_ours(path));
        imports.exported.retain(|(path, _)| is_ours(path));
        imports
    }

    fn scan(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let mut test_only = false;
        let mut public = false;
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Punct(hash) if hash.as_char() == '#' => {
                    if let Some(TokenTree::Group(attribute)) = tokens.peek() {
                        test_only |= attribute.stream().to_string().replace(' ', "") == "cfg(test)";
                    }
                    continue;
                }
                TokenTree::Group(group) => {
                    let is_attribute = group.delimiter() == Delimiter::Bracket && test_only;
                    let is_scope = group.delimiter() == Delimiter::Parenthesis && public;
                    if is_attribute || is_scope {
                        continue;
                    }
                    self.scan(group.stream());
                }
                TokenTree::Ident(word) => match word.to_string().as_str() {
                    "pub" => {
                        public = true;
                        continue;
                    }
                    "mod" => {
                        self.module(&mut tokens, test_only);
                    }
                    "use" => {
                        for (path, name) in paths(&mut tokens) {
                            if !test_only {
                                if public {
                                    self.exported.push((path.clone(), name));
                                }
                                self.used.push(path);
                            }
                        }
                    }
                    first => self.path(first, &mut tokens),
                },
                _ => {}
            }
            test_only = false;
            public = false;
        }
    }

    /// A module: one in braces belongs to this file, unless it is only for tests.
    fn module(&mut self, tokens: &mut Tokens, test_only: bool) {
        let Some(TokenTree::Ident(name)) = tokens.next() else {
            return;
        };
        match tokens.next() {
            Some(TokenTree::Group(body)) if !test_only => self.scan(body.stream()),
            Some(TokenTree::Punct(_)) if !test_only => self.modules.push(name.to_string()),
            _ => {}
        }
    }

    /// A path in code, which has no braces.
    fn path(&mut self, first: &str, tokens: &mut Tokens) {
        let mut path = vec![first.to_owned()];
        while is_colon(tokens.peek()) {
            tokens.next();
            if !is_colon(tokens.peek()) {
                break;
            }
            tokens.next();
            let Some(TokenTree::Ident(next)) = tokens.peek() else {
                break;
            };
            path.push(next.to_string());
            tokens.next();
        }
        if path.len() > 1 {
            self.used.push(path);
        }
    }
}

fn is_colon(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':')
}

/// The paths of a `use` declaration up to its semicolon or comma, each with the name it gets here.
fn paths(tokens: &mut Tokens) -> Vec<(Vec<String>, String)> {
    let mut path = Vec::new();
    let mut name = None;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "as" => {
                name = tokens.next().map(|token| token.to_string());
            }
            TokenTree::Ident(word) => path.push(word.to_string()),
            TokenTree::Group(group) => return grouped(&path, &group),
            TokenTree::Punct(punct) if punct.as_char() == '*' => name = Some("*".to_owned()),
            TokenTree::Punct(punct) if punct.as_char() == ':' => {}
            _ => break,
        }
    }
    if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
        path.pop();
    }
    let Some(last) = path.last().cloned() else {
        return Vec::new();
    };
    vec![(path, name.unwrap_or(last))]
}

fn grouped(prefix: &[String], group: &Group) -> Vec<(Vec<String>, String)> {
    let mut tokens = group.stream().into_iter().peekable();
    let mut found = Vec::new();
    while tokens.peek().is_some() {
        for (path, name) in paths(&mut tokens) {
            // `{self}` is the prefix itself.
            let path = match path.as_slice() {
                [only] if only == "self" => prefix.to_vec(),
                _ => [prefix, &path].concat(),
            };
            found.push((path, name));
        }
        // What follows a nested group up to the comma.
        while matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == ',') {
            tokens.next();
        }
    }
    found
}
