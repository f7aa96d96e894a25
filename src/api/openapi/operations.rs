//! Every operation of the document.

use utoipa::openapi::{OpenApi as Document, path::Operation};

/// Calls a function with the path of each operation, whether it writes, and the operation.
pub(super) fn for_each(
    document: &mut Document,
    mut change: impl FnMut(&str, bool, &mut Operation),
) {
    for (path, item) in &mut document.paths.paths {
        let operations = [
            (&mut item.get, false),
            (&mut item.post, true),
            (&mut item.put, true),
            (&mut item.patch, true),
            (&mut item.delete, true),
        ];
        for (operation, is_write) in operations {
            if let Some(operation) = operation {
                change(path, is_write, operation);
            }
        }
    }
}
