//! Tables that a browser saves as a file.

use axum::response::{IntoResponse as _, Response};
use base::{Code, Error, text};
use http::{HeaderValue, header};

use crate::files::disposition;

/// The answer with a table that `spreadsheet` has written, to be saved as `name` with the ending `.csv`.
pub(super) fn csv(name: &str, table: Vec<u8>) -> Result<Response, Error> {
    let mut response = table.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let name = text::file_name(&format!("{}.csv", name.replace(['/', '\\'], "-")));
    let named = HeaderValue::from_str(&disposition(false, &name))
        .map_err(|error| Error::new(Code::Internal).because(error))?;
    headers.insert(header::CONTENT_DISPOSITION, named);
    Ok(response)
}
