//! What the macros of utoipa cannot say about parameters and bodies.

use utoipa::{
    Modify,
    openapi::{
        ObjectBuilder, OpenApi as Document, RefOr, Schema, Type, path::Parameter,
        schema::SchemaType,
    },
};

use super::operations;

/// Completes the parameters and bodies.
pub(super) struct Requests;

impl Modify for Requests {
    fn modify(&self, document: &mut Document) {
        operations::for_each(document, |_, _, operation| {
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(parameter) = parameter {
                    complete(parameter);
                }
            }
            if let Some(RefOr::T(body)) = &mut operation.request_body {
                for content in body.content.values_mut() {
                    if let RefOr::T(content) = content
                        && let Some(schema) = content.schema.take()
                    {
                        content.schema = Some(without_null(schema));
                    }
                }
            }
        });
    }
}

/// A parameter without a type is a slug. A parameter may be absent, but is never null.
fn complete(parameter: &mut Parameter) {
    let schema = parameter.schema.get_or_insert_with(|| {
        let slug = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(64))
            .examples(["main"]);
        RefOr::T(slug.build().into())
    });
    if let RefOr::T(Schema::Object(object)) = schema
        && let SchemaType::Array(types) = &object.schema_type
        && let Some(only) = types.iter().find(|kind| **kind != Type::Null)
    {
        object.schema_type = SchemaType::Type(only.clone());
    }
}

/// A body may be absent, but is never null.
fn without_null(schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::OneOf(mut one_of)) if one_of.items.len() == 2 => {
            one_of.items.swap_remove(0)
        }
        schema => schema,
    }
}
