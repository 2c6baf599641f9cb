//! An airssys actor in Rust: the types, the host's functions and the exports of world `actor`, in one file.
//!
//! ```ignore
//! use airssys::{Actor, Error, Message, Metadata};
//!
//! #[derive(Default)]
//! struct Echo;
//!
//! impl Actor for Echo {
//!     fn metadata(&self) -> Metadata {
//!         Metadata::new("echo", "1.0.0", "Says it again")
//!     }
//!     fn handle_message(&mut self, message: Message) -> Result<Option<Vec<u8>>, Error> {
//!         Ok(Some(message.payload))
//!     }
//! }
//!
//! airssys::actor!(Echo::default());
//! ```
//!
//! It is compiled as a crate of its own, which `buildComponent` does. What the host does and promises is in wit/,
//! function by function; the names here are those names. Everything that is handed over is owned: it may be kept.
//!
//! It is for the target `wasm32-unknown-unknown`, which has all of `std` that needs no operating system. A panic is
//! written to the host's log and then traps; time is `clock`; there is no WASI.

use std::alloc::Layout;

/// A component. What is not overridden is answered as by a component that does not do that.
pub trait Actor {
    /// What it is. Has no effects.
    fn metadata(&self) -> Metadata;

    /// Called once, before anything else. An error refuses to start.
    fn init(&mut self, _config: Config) -> Result<(), Error> {
        Ok(())
    }

    /// Handles one message. `Some` payload is the reply to a request, and dropped when nobody asked.
    fn handle_message(&mut self, _message: Message) -> Result<Option<Vec<u8>>, Error> {
        Err(Error::Unsupported("this component takes no messages".into()))
    }

    /// The end of a request made with `messaging::request`.
    fn handle_callback(&mut self, _request: String, _outcome: Result<Vec<u8>, MessagingError>) -> Result<(), Error> {
        Ok(())
    }

    /// Runs an operation for a caller that waits.
    fn execute(&mut self, _operation: Vec<u8>, _context: Context) -> Result<Vec<u8>, ExecutionError> {
        Err(ExecutionError::UnknownOperation("there are no operations".into()))
    }

    fn health(&self) -> Health {
        Health::Healthy
    }

    /// Called once before a planned stop.
    fn shutdown(&mut self) -> Result<(), Error> {
        Ok(())
    }

    /// With `stateful_actor!`: all that the next instance needs to go on.
    fn snapshot(&self) -> Vec<u8> {
        Vec::new()
    }

    /// With `stateful_actor!`: takes over from an instance of `from_version`.
    fn restore(&mut self, _state: Vec<u8>, _from_version: String) -> Result<(), Error> {
        Ok(())
    }
}

/// Written `namespace/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComponentId {
    pub namespace: String,
    pub name: String,
    pub version: String,
}

/// Since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp {
    pub seconds: u64,
    pub nanoseconds: u32,
}

/// What `init` is given.
#[derive(Clone, Debug)]
pub struct Config {
    pub id: ComponentId,
    /// The table `[config]` of Component.toml, in the order written.
    pub values: Vec<(String, String)>,
}

impl Config {
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// A message as it reaches its receiver.
#[derive(Clone, Debug)]
pub struct Message {
    /// None when the host or a plain actor sent it.
    pub sender: Option<ComponentId>,
    /// Begins with the prefix of its codec: see `codec` and `body`.
    pub payload: Vec<u8>,
    /// None when it was sent to this component.
    pub topic: Option<String>,
    /// Present when the sender waits for a reply.
    pub correlation_id: Option<String>,
    pub timestamp: Timestamp,
    pub headers: Vec<(String, String)>,
}

impl Message {
    /// What is behind the prefix of the codec.
    pub fn body(&self) -> &[u8] {
        body(&self.payload)
    }
}

/// On whose behalf an operation runs.
#[derive(Clone, Debug)]
pub struct Context {
    pub correlation_id: Option<String>,
    /// None when the caller waits for ever.
    pub remaining_millis: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub struct Metadata {
    pub name: String,
    pub version: String,
    pub description: String,
    /// What `execute` understands.
    pub operations: Vec<String>,
    /// Multicodec codes that `handle_message` understands, such as `RAW`; empty means any.
    pub codecs: Vec<u32>,
}

impl Metadata {
    pub fn new(name: &str, version: &str, description: &str) -> Metadata {
        Metadata { name: name.into(), version: version.into(), description: description.into(), ..Metadata::default() }
    }
}

/// An answer that says no. The component lives on; to be restarted, it panics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    InvalidConfig(String),
    InvalidInput(String),
    Unsupported(String),
    Failed(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExecutionError {
    UnknownOperation(String),
    InvalidInput(String),
    Failed(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    Healthy,
    Degraded(String),
    Unhealthy(String),
}

/// Why a message was not accepted, or why there is no reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessagingError {
    ComponentNotFound(String),
    NotPermitted(String),
    MailboxFull(String),
    QuotaExceeded(String),
    PayloadTooLarge(String),
    UnsupportedCodec(String),
    Timeout(String),
    SendFailed(String),
}

impl MessagingError {
    fn lift(kind: u8, text: String) -> MessagingError {
        match kind {
            0 => MessagingError::ComponentNotFound(text),
            1 => MessagingError::NotPermitted(text),
            2 => MessagingError::MailboxFull(text),
            3 => MessagingError::QuotaExceeded(text),
            4 => MessagingError::PayloadTooLarge(text),
            5 => MessagingError::UnsupportedCodec(text),
            6 => MessagingError::Timeout(text),
            _ => MessagingError::SendFailed(text),
        }
    }
}

impl From<MessagingError> for Error {
    /// So that a handler may write `messaging::send(…)?`.
    fn from(error: MessagingError) -> Error {
        Error::Failed(format!("{:?}", error))
    }
}

// ---- Payloads ----

pub const PROTOBUF: u32 = 0x50;
pub const CBOR: u32 = 0x51;
pub const RAW: u32 = 0x55;
pub const JSON: u32 = 0x0200;
pub const MESSAGEPACK: u32 = 0x0201;

/// The multicodec code that a payload begins with, if it is one that is known.
pub fn codec(payload: &[u8]) -> Option<u32> {
    match payload {
        [first @ (0x50 | 0x51 | 0x55), ..] => Some(u32::from(*first)),
        [first @ (0x80 | 0x81), 0x04, ..] => Some(0x0180 + u32::from(*first)),
        _ => None,
    }
}

/// What is behind the prefix; nothing when there is none.
pub fn body(payload: &[u8]) -> &[u8] {
    match codec(payload) {
        None => &[],
        Some(code) => &payload[if code < 0x80 { 1 } else { 2 }..],
    }
}

/// The body behind the prefix of its codec.
pub fn payload(codec: u32, body: &[u8]) -> Vec<u8> {
    let mut made = Vec::with_capacity(body.len() + 2);
    if codec < 0x80 {
        made.push(codec as u8);
    } else {
        made.push((codec & 0x7f) as u8 | 0x80);
        made.push((codec >> 7) as u8);
    }
    made.extend_from_slice(body);
    made
}

/// A text as a payload of raw bytes.
pub fn raw(text: &str) -> Vec<u8> {
    payload(RAW, text.as_bytes())
}

// ---- The canonical ABI: reading what the host wrote into this memory ----

/// Where the host writes a result.
#[repr(C, align(8))]
struct Area([u8; 64]);

/// Calls the host with a place for its result, and reads that.
fn returned<T>(call: impl FnOnce(*mut u8), read: impl FnOnce(*const u8) -> T) -> T {
    let mut area = Area([0; 64]);
    call(area.0.as_mut_ptr());
    read(area.0.as_ptr())
}

fn byte(at: *const u8, offset: usize) -> u8 {
    // What the host wrote is as long as its type says, here and below.
    unsafe { *at.add(offset) }
}

fn word(at: *const u8, offset: usize) -> usize {
    unsafe { *(at.add(offset) as *const usize) }
}

fn wide(at: *const u8, offset: usize) -> u64 {
    unsafe { *(at.add(offset) as *const u64) }
}

fn bytes(at: *const u8, offset: usize) -> Vec<u8> {
    own_bytes(word(at, offset), word(at, offset + 4))
}

fn text(at: *const u8, offset: usize) -> String {
    own_text(word(at, offset), word(at, offset + 4))
}

/// Takes over bytes that were allocated by `cabi_realloc`, which allocates nothing for none.
fn own_bytes(start: usize, length: usize) -> Vec<u8> {
    if length == 0 {
        return Vec::new();
    }
    unsafe { Vec::from_raw_parts(start as *mut u8, length, length) }
}

fn own_text(start: usize, length: usize) -> String {
    // The host writes UTF-8: the canonical ABI has it so.
    unsafe { String::from_utf8_unchecked(own_bytes(start, length)) }
}

/// Takes over a list: reads each item, and frees the list itself.
fn own_list<T>(start: usize, length: usize, size: usize, align: usize, item: impl Fn(*const u8) -> T) -> Vec<T> {
    let items = (0..length).map(|index| item((start + index * size) as *const u8)).collect();
    free(start, length * size, align);
    items
}

fn free(start: usize, size: usize, align: usize) {
    if size == 0 {
        return;
    }
    // The sizes and alignments are those of WIT types.
    unsafe { std::alloc::dealloc(start as *mut u8, Layout::from_size_align_unchecked(size, align)) }
}

fn texts(at: *const u8, offset: usize) -> Vec<String> {
    own_list(word(at, offset), word(at, offset + 4), 8, 4, |item| text(item, 0))
}

fn own_pairs(start: usize, length: usize) -> Vec<(String, String)> {
    own_list(start, length, 16, 4, |item| (text(item, 0), text(item, 8)))
}

fn component_id(at: *const u8) -> ComponentId {
    ComponentId { namespace: text(at, 0), name: text(at, 8), version: text(at, 16) }
}

fn optional_text(at: *const u8, offset: usize) -> Option<String> {
    if byte(at, offset) == 0 {
        None
    } else {
        Some(text(at, offset + 4))
    }
}

fn timestamp(at: *const u8) -> Timestamp {
    Timestamp { seconds: wide(at, 0), nanoseconds: word(at, 8) as u32 }
}

/// A list of pairs as the host reads it. It points into the pairs.
fn lower_pairs(pairs: &[(&str, &str)]) -> Vec<[usize; 4]> {
    pairs
        .iter()
        .map(|(name, value)| [name.as_ptr() as usize, name.len(), value.as_ptr() as usize, value.len()])
        .collect()
}

// ---- The host ----

pub mod logging {
    use super::lower_pairs;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Level {
        Trace,
        Debug,
        Info,
        Warn,
        Error,
    }

    #[link(wasm_import_module = "airssys:core-host/logging@1.0.0")]
    extern "C" {
        #[link_name = "log"]
        fn import_log(level: i32, message: *const u8, length: usize, fields: *const [usize; 4], count: usize);
    }

    pub fn log(level: Level, message: &str, fields: &[(&str, &str)]) {
        let lowered = lower_pairs(fields);
        unsafe { import_log(level as i32, message.as_ptr(), message.len(), lowered.as_ptr(), lowered.len()) }
    }
}

pub mod clock {
    use super::{returned, timestamp, Timestamp};

    #[link(wasm_import_module = "airssys:core-host/clock@1.0.0")]
    extern "C" {
        #[link_name = "now"]
        fn import_now(result: *mut u8);
        #[link_name = "monotonic"]
        fn import_monotonic() -> u64;
        #[link_name = "sleep-millis"]
        fn import_sleep_millis(duration: u32);
    }

    pub fn now() -> Timestamp {
        returned(|result| unsafe { import_now(result) }, timestamp)
    }

    /// Nanoseconds from some start.
    pub fn monotonic() -> u64 {
        unsafe { import_monotonic() }
    }

    /// Waits as part of the call, and no longer than it may take. An actor that imports this is one that may wait.
    pub fn sleep_millis(duration: u32) {
        unsafe { import_sleep_millis(duration) }
    }
}

pub mod messaging {
    use super::{byte, component_id, returned, text, word, ComponentId, Error, MessagingError};

    #[link(wasm_import_module = "airssys:core-host/messaging@1.0.0")]
    extern "C" {
        #[link_name = "send"]
        fn import_send(to: *const u8, to_length: usize, payload: *const u8, length: usize, result: *mut u8);
        #[link_name = "request"]
        fn import_request(to: *const u8, to_length: usize, payload: *const u8, length: usize, millis: u32, result: *mut u8);
        #[link_name = "defer-reply"]
        fn import_defer_reply(result: *mut u8);
        #[link_name = "reply"]
        fn import_reply(
            token: *const u8,
            token_length: usize,
            is_error: i32,
            first: usize,
            second: usize,
            third: usize,
            result: *mut u8,
        );
        #[link_name = "cancel-request"]
        fn import_cancel_request(request: *const u8, length: usize) -> i32;
        #[link_name = "publish"]
        fn import_publish(topic: *const u8, topic_length: usize, payload: *const u8, length: usize, result: *mut u8);
        #[link_name = "subscribe"]
        fn import_subscribe(pattern: *const u8, length: usize, result: *mut u8);
        #[link_name = "unsubscribe"]
        fn import_unsubscribe(pattern: *const u8, length: usize) -> i32;
        #[link_name = "self-id"]
        fn import_self_id(result: *mut u8);
    }

    fn lift<T>(at: *const u8, value: impl FnOnce(*const u8) -> T) -> Result<T, MessagingError> {
        if byte(at, 0) == 0 {
            Ok(value(at))
        } else {
            Err(MessagingError::lift(byte(at, 4), text(at, 8)))
        }
    }

    pub fn send(to: &str, payload: &[u8]) -> Result<(), MessagingError> {
        returned(
            |result| unsafe { import_send(to.as_ptr(), to.len(), payload.as_ptr(), payload.len(), result) },
            |at| lift(at, |_| ()),
        )
    }

    /// The id of the request, which `handle_callback` is called with.
    pub fn request(to: &str, payload: &[u8], timeout_millis: u32) -> Result<String, MessagingError> {
        returned(
            |result| unsafe {
                import_request(to.as_ptr(), to.len(), payload.as_ptr(), payload.len(), timeout_millis, result)
            },
            |at| lift(at, |at| text(at, 4)),
        )
    }

    /// A token to `reply` with.
    pub fn defer_reply() -> Result<String, MessagingError> {
        returned(|result| unsafe { import_defer_reply(result) }, |at| lift(at, |at| text(at, 4)))
    }

    pub fn reply(token: &str, outcome: Result<&[u8], &Error>) -> Result<(), MessagingError> {
        let (is_error, first, second, third) = match outcome {
            Ok(payload) => (0, payload.as_ptr() as usize, payload.len(), 0),
            Err(error) => {
                let (kind, text) = super::exports::kind_and_text(error);
                (1, usize::from(kind), text.as_ptr() as usize, text.len())
            }
        };
        returned(
            |result| unsafe { import_reply(token.as_ptr(), token.len(), is_error, first, second, third, result) },
            |at| lift(at, |_| ()),
        )
    }

    pub fn cancel_request(request: &str) -> bool {
        unsafe { import_cancel_request(request.as_ptr(), request.len()) != 0 }
    }

    /// How many took it.
    pub fn publish(topic: &str, payload: &[u8]) -> Result<u32, MessagingError> {
        returned(
            |result| unsafe { import_publish(topic.as_ptr(), topic.len(), payload.as_ptr(), payload.len(), result) },
            |at| lift(at, |at| word(at, 4) as u32),
        )
    }

    pub fn subscribe(pattern: &str) -> Result<(), MessagingError> {
        returned(|result| unsafe { import_subscribe(pattern.as_ptr(), pattern.len(), result) }, |at| lift(at, |_| ()))
    }

    pub fn unsubscribe(pattern: &str) -> bool {
        unsafe { import_unsubscribe(pattern.as_ptr(), pattern.len()) != 0 }
    }

    pub fn self_id() -> ComponentId {
        returned(|result| unsafe { import_self_id(result) }, component_id)
    }
}

pub mod configuration {
    use super::{optional_text, returned};

    #[link(wasm_import_module = "airssys:core-host/configuration@1.0.0")]
    extern "C" {
        #[link_name = "get"]
        fn import_get(key: *const u8, length: usize, result: *mut u8);
    }

    pub fn get(key: &str) -> Option<String> {
        returned(|result| unsafe { import_get(key.as_ptr(), key.len(), result) }, |at| optional_text(at, 0))
    }
}

pub mod directory {
    use super::{byte, component_id, own_list, returned, text, texts, word, ComponentId};

    #[derive(Clone, Debug)]
    pub struct Entry {
        pub id: ComponentId,
        pub description: String,
        pub operations: Vec<String>,
        pub codecs: Vec<u32>,
        pub is_running: bool,
    }

    #[link(wasm_import_module = "airssys:core-host/directory@1.0.0")]
    extern "C" {
        #[link_name = "list-components"]
        fn import_list_components(result: *mut u8);
        #[link_name = "get-component-metadata"]
        fn import_get_component_metadata(name: *const u8, length: usize, result: *mut u8);
    }

    pub fn list_components() -> Vec<ComponentId> {
        returned(
            |result| unsafe { import_list_components(result) },
            |at| own_list(word(at, 0), word(at, 4), 24, 4, component_id),
        )
    }

    pub fn get_component_metadata(name: &str) -> Option<Entry> {
        returned(
            |result| unsafe { import_get_component_metadata(name.as_ptr(), name.len(), result) },
            |at| {
                if byte(at, 0) == 0 {
                    return None;
                }
                let at = at.wrapping_add(4);
                Some(Entry {
                    id: component_id(at),
                    description: text(at, 24),
                    operations: texts(at, 32),
                    codecs: own_list(word(at, 40), word(at, 44), 4, 4, |item| word(item, 0) as u32),
                    is_running: byte(at, 48) != 0,
                })
            },
        )
    }
}

pub mod storage {
    use super::{byte, bytes, optional_text, returned, text, texts, wide};

    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum StorageError {
        NotPermitted(String),
        InvalidKey(String),
        ValueTooLarge(String),
        QuotaExceeded(String),
        Unavailable(String),
    }

    impl From<StorageError> for super::Error {
        /// So that a handler may write `storage::set(…)?`.
        fn from(error: StorageError) -> super::Error {
            super::Error::Failed(format!("{:?}", error))
        }
    }

    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StoredValue {
        pub value: Vec<u8>,
        pub version: u64,
    }

    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct KeyPage {
        pub keys: Vec<String>,
        /// For the next page, when there is one.
        pub cursor: Option<String>,
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Usage {
        pub keys: u64,
        pub bytes: u64,
        pub quota_bytes: u64,
    }

    #[derive(Clone, Copy, Debug)]
    pub enum Change<'a> {
        Set(&'a str, &'a [u8]),
        Delete(&'a str),
    }

    #[link(wasm_import_module = "airssys:core-host/storage@1.0.0")]
    extern "C" {
        #[link_name = "get"]
        fn import_get(space: *const u8, space_length: usize, key: *const u8, key_length: usize, result: *mut u8);
        #[link_name = "set"]
        fn import_set(
            space: *const u8,
            space_length: usize,
            key: *const u8,
            key_length: usize,
            value: *const u8,
            length: usize,
            result: *mut u8,
        );
        #[link_name = "delete"]
        fn import_delete(space: *const u8, space_length: usize, key: *const u8, key_length: usize, result: *mut u8);
        #[link_name = "exists"]
        fn import_exists(space: *const u8, space_length: usize, key: *const u8, key_length: usize, result: *mut u8);
        #[link_name = "compare-and-set"]
        fn import_compare_and_set(
            space: *const u8,
            space_length: usize,
            key: *const u8,
            key_length: usize,
            value: *const u8,
            length: usize,
            has_version: i32,
            version: u64,
            result: *mut u8,
        );
        #[link_name = "apply"]
        fn import_apply(space: *const u8, space_length: usize, changes: *const [usize; 5], count: usize, result: *mut u8);
        #[link_name = "list-keys"]
        fn import_list_keys(
            space: *const u8,
            space_length: usize,
            prefix: *const u8,
            prefix_length: usize,
            has_cursor: i32,
            cursor: *const u8,
            cursor_length: usize,
            limit: u32,
            result: *mut u8,
        );
        #[link_name = "usage"]
        fn import_usage(space: *const u8, space_length: usize, result: *mut u8);
    }

    /// The error lies where the value would: `offset` is 8 when that has a 64-bit number, else 4.
    fn lift<T>(at: *const u8, offset: usize, value: impl FnOnce(*const u8) -> T) -> Result<T, StorageError> {
        if byte(at, 0) == 0 {
            return Ok(value(at.wrapping_add(offset)));
        }
        let text = text(at, offset + 4);
        Err(match byte(at, offset) {
            0 => StorageError::NotPermitted(text),
            1 => StorageError::InvalidKey(text),
            2 => StorageError::ValueTooLarge(text),
            3 => StorageError::QuotaExceeded(text),
            _ => StorageError::Unavailable(text),
        })
    }

    fn flag(at: *const u8) -> bool {
        byte(at, 0) != 0
    }

    pub fn get(space: &str, key: &str) -> Result<Option<StoredValue>, StorageError> {
        returned(
            |result| unsafe { import_get(space.as_ptr(), space.len(), key.as_ptr(), key.len(), result) },
            |at| {
                lift(at, 8, |at| match byte(at, 0) {
                    0 => None,
                    _ => Some(StoredValue { value: bytes(at, 8), version: wide(at, 16) }),
                })
            },
        )
    }

    pub fn set(space: &str, key: &str, value: &[u8]) -> Result<(), StorageError> {
        returned(
            |result| unsafe {
                import_set(space.as_ptr(), space.len(), key.as_ptr(), key.len(), value.as_ptr(), value.len(), result)
            },
            |at| lift(at, 4, |_| ()),
        )
    }

    /// Whether there was such a key.
    pub fn delete(space: &str, key: &str) -> Result<bool, StorageError> {
        returned(
            |result| unsafe { import_delete(space.as_ptr(), space.len(), key.as_ptr(), key.len(), result) },
            |at| lift(at, 4, flag),
        )
    }

    pub fn exists(space: &str, key: &str) -> Result<bool, StorageError> {
        returned(
            |result| unsafe { import_exists(space.as_ptr(), space.len(), key.as_ptr(), key.len(), result) },
            |at| lift(at, 4, flag),
        )
    }

    /// Whether it was set. No version stands for a key that is not there.
    pub fn compare_and_set(space: &str, key: &str, value: &[u8], version: Option<u64>) -> Result<bool, StorageError> {
        returned(
            |result| unsafe {
                import_compare_and_set(
                    space.as_ptr(),
                    space.len(),
                    key.as_ptr(),
                    key.len(),
                    value.as_ptr(),
                    value.len(),
                    i32::from(version.is_some()),
                    version.unwrap_or(0),
                    result,
                )
            },
            |at| lift(at, 4, flag),
        )
    }

    pub fn apply(space: &str, changes: &[Change]) -> Result<(), StorageError> {
        let lowered: Vec<[usize; 5]> = changes
            .iter()
            .map(|change| match change {
                Change::Set(key, value) => [0, key.as_ptr() as usize, key.len(), value.as_ptr() as usize, value.len()],
                Change::Delete(key) => [1, key.as_ptr() as usize, key.len(), 0, 0],
            })
            .collect();
        returned(
            |result| unsafe { import_apply(space.as_ptr(), space.len(), lowered.as_ptr(), lowered.len(), result) },
            |at| lift(at, 4, |_| ()),
        )
    }

    pub fn list_keys(space: &str, prefix: &str, cursor: Option<&str>, limit: u32) -> Result<KeyPage, StorageError> {
        let from = cursor.unwrap_or("");
        returned(
            |result| unsafe {
                import_list_keys(
                    space.as_ptr(),
                    space.len(),
                    prefix.as_ptr(),
                    prefix.len(),
                    i32::from(cursor.is_some()),
                    from.as_ptr(),
                    from.len(),
                    limit,
                    result,
                )
            },
            |at| lift(at, 4, |at| KeyPage { keys: texts(at, 0), cursor: optional_text(at, 8) }),
        )
    }

    pub fn usage(space: &str) -> Result<Usage, StorageError> {
        returned(
            |result| unsafe { import_usage(space.as_ptr(), space.len(), result) },
            |at| lift(at, 8, |at| Usage { keys: wide(at, 0), bytes: wide(at, 8), quota_bytes: wide(at, 16) }),
        )
    }
}

pub mod metrics {
    use super::lower_pairs;

    #[link(wasm_import_module = "airssys:core-host/metrics@1.0.0")]
    extern "C" {
        #[link_name = "counter"]
        fn import_counter(name: *const u8, length: usize, labels: *const [usize; 4], count: usize, add: f64);
        #[link_name = "gauge"]
        fn import_gauge(name: *const u8, length: usize, labels: *const [usize; 4], count: usize, value: f64);
        #[link_name = "histogram"]
        fn import_histogram(name: *const u8, length: usize, labels: *const [usize; 4], count: usize, value: f64);
    }

    pub fn counter(name: &str, labels: &[(&str, &str)], add: f64) {
        let lowered = lower_pairs(labels);
        unsafe { import_counter(name.as_ptr(), name.len(), lowered.as_ptr(), lowered.len(), add) }
    }

    pub fn gauge(name: &str, labels: &[(&str, &str)], value: f64) {
        let lowered = lower_pairs(labels);
        unsafe { import_gauge(name.as_ptr(), name.len(), lowered.as_ptr(), lowered.len(), value) }
    }

    pub fn histogram(name: &str, labels: &[(&str, &str)], value: f64) {
        let lowered = lower_pairs(labels);
        unsafe { import_histogram(name.as_ptr(), name.len(), lowered.as_ptr(), lowered.len(), value) }
    }
}

pub mod introspection {
    use super::{byte, optional_text, own_list, returned, texts, word};

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum FileAction {
        Read,
        Write,
        Delete,
        List,
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum MessagingAction {
        Send,
        Publish,
        Subscribe,
        ReceiveFrom,
    }

    /// What was granted.
    #[derive(Clone, Debug)]
    pub struct Permissions {
        pub files: Vec<(FileAction, Vec<String>)>,
        pub outbound: Vec<String>,
        pub inbound: Vec<u16>,
        pub storage: Vec<String>,
        pub messaging: Vec<(MessagingAction, Vec<String>)>,
        pub programs: Vec<String>,
        pub environment: Vec<String>,
    }

    /// One thing that a component may want to do.
    #[derive(Clone, Copy, Debug)]
    pub enum Permission<'a> {
        File(FileAction, &'a str),
        /// `host:port`.
        Connect(&'a str),
        Listen(u16),
        Storage(&'a str),
        Messaging(MessagingAction, &'a str),
        Spawn(&'a str),
        Environment(&'a str),
    }

    #[link(wasm_import_module = "airssys:core-capabilities/introspection@1.0.0")]
    extern "C" {
        #[link_name = "granted"]
        fn import_granted(result: *mut u8);
        #[link_name = "check"]
        fn import_check(kind: i32, first: usize, second: usize, third: usize, result: *mut u8);
    }

    fn file_action(number: u8) -> FileAction {
        match number {
            0 => FileAction::Read,
            1 => FileAction::Write,
            2 => FileAction::Delete,
            _ => FileAction::List,
        }
    }

    fn messaging_action(number: u8) -> MessagingAction {
        match number {
            0 => MessagingAction::Send,
            1 => MessagingAction::Publish,
            2 => MessagingAction::Subscribe,
            _ => MessagingAction::ReceiveFrom,
        }
    }

    pub fn granted() -> Permissions {
        returned(
            |result| unsafe { import_granted(result) },
            |at| Permissions {
                files: own_list(word(at, 0), word(at, 4), 12, 4, |item| (file_action(byte(item, 0)), texts(item, 4))),
                outbound: texts(at, 8),
                inbound: own_list(word(at, 16), word(at, 20), 2, 2, |item| {
                    u16::from_le_bytes([byte(item, 0), byte(item, 1)])
                }),
                storage: texts(at, 24),
                messaging: own_list(word(at, 32), word(at, 36), 12, 4, |item| {
                    (messaging_action(byte(item, 0)), texts(item, 4))
                }),
                programs: texts(at, 40),
                environment: texts(at, 48),
            },
        )
    }

    /// Whether it would be allowed now; if not, why not.
    pub fn check(permission: Permission) -> Result<(), String> {
        let of = |kind: i32, subject: &str| (kind, subject.as_ptr() as usize, subject.len(), 0);
        let with = |kind: i32, action: usize, subject: &str| (kind, action, subject.as_ptr() as usize, subject.len());
        let (kind, first, second, third) = match permission {
            Permission::File(action, path) => with(0, action as usize, path),
            Permission::Connect(host) => of(1, host),
            Permission::Listen(port) => (2, usize::from(port), 0, 0),
            Permission::Storage(namespace) => of(3, namespace),
            Permission::Messaging(action, subject) => with(4, action as usize, subject),
            Permission::Spawn(program) => of(5, program),
            Permission::Environment(name) => of(6, name),
        };
        // A permission that is denied lies there like a text that is present.
        let denied = returned(
            |result| unsafe { import_check(kind, first, second, third, result) },
            |at| optional_text(at, 0),
        );
        match denied {
            None => Ok(()),
            Some(why) => Err(why),
        }
    }
}

// ---- The exports: what the host calls. `actor!` gives them their names ----

/// Makes the component of an expression for an actor. Once in a component, at the top level.
#[macro_export]
macro_rules! actor {
    ($new:expr) => {
        #[export_name = "cabi_realloc"]
        pub unsafe extern "C" fn airssys_realloc(old: *mut u8, old_size: usize, align: usize, size: usize) -> *mut u8 {
            $crate::exports::realloc(old, old_size, align, size)
        }

        #[export_name = "airssys:core-component/component-lifecycle@1.0.0#init"]
        pub extern "C" fn airssys_init(
            space: usize,
            space_length: usize,
            name: usize,
            name_length: usize,
            version: usize,
            version_length: usize,
            values: usize,
            count: usize,
        ) -> *const u8 {
            $crate::exports::init(
                Box::new($new),
                [space, space_length, name, name_length, version, version_length],
                values,
                count,
            )
        }

        #[export_name = "airssys:core-component/component-lifecycle@1.0.0#handle-message"]
        pub extern "C" fn airssys_handle_message(message: *const u8) -> *const u8 {
            $crate::exports::handle_message(message)
        }

        #[export_name = "airssys:core-component/component-lifecycle@1.0.0#execute"]
        pub extern "C" fn airssys_execute(
            operation: usize,
            length: usize,
            has_correlation: i32,
            correlation: usize,
            correlation_length: usize,
            has_remaining: i32,
            remaining: u64,
        ) -> *const u8 {
            let correlation = if has_correlation == 0 { None } else { Some((correlation, correlation_length)) };
            let remaining = if has_remaining == 0 { None } else { Some(remaining) };
            $crate::exports::execute(operation, length, correlation, remaining)
        }

        #[export_name = "airssys:core-component/component-lifecycle@1.0.0#handle-callback"]
        pub extern "C" fn airssys_handle_callback(
            request: usize,
            request_length: usize,
            is_error: i32,
            first: usize,
            second: usize,
            third: usize,
        ) -> *const u8 {
            $crate::exports::handle_callback(request, request_length, is_error != 0, first, second, third)
        }

        #[export_name = "airssys:core-component/component-lifecycle@1.0.0#metadata"]
        pub extern "C" fn airssys_metadata() -> *const u8 {
            $crate::exports::metadata()
        }

        #[export_name = "airssys:core-component/component-lifecycle@1.0.0#health"]
        pub extern "C" fn airssys_health() -> *const u8 {
            $crate::exports::health()
        }

        #[export_name = "airssys:core-component/component-lifecycle@1.0.0#shutdown"]
        pub extern "C" fn airssys_shutdown() -> *const u8 {
            $crate::exports::shutdown()
        }

        #[export_name = "cabi_post_airssys:core-component/component-lifecycle@1.0.0#init"]
        pub extern "C" fn airssys_after_init(_result: *const u8) {
            $crate::exports::release()
        }

        #[export_name = "cabi_post_airssys:core-component/component-lifecycle@1.0.0#handle-message"]
        pub extern "C" fn airssys_after_handle_message(_result: *const u8) {
            $crate::exports::release()
        }

        #[export_name = "cabi_post_airssys:core-component/component-lifecycle@1.0.0#execute"]
        pub extern "C" fn airssys_after_execute(_result: *const u8) {
            $crate::exports::release()
        }

        #[export_name = "cabi_post_airssys:core-component/component-lifecycle@1.0.0#handle-callback"]
        pub extern "C" fn airssys_after_handle_callback(_result: *const u8) {
            $crate::exports::release()
        }

        #[export_name = "cabi_post_airssys:core-component/component-lifecycle@1.0.0#metadata"]
        pub extern "C" fn airssys_after_metadata(_result: *const u8) {
            $crate::exports::release()
        }

        #[export_name = "cabi_post_airssys:core-component/component-lifecycle@1.0.0#health"]
        pub extern "C" fn airssys_after_health(_result: *const u8) {
            $crate::exports::release()
        }

        #[export_name = "cabi_post_airssys:core-component/component-lifecycle@1.0.0#shutdown"]
        pub extern "C" fn airssys_after_shutdown(_result: *const u8) {
            $crate::exports::release()
        }
    };
}

/// Like `actor!`, for world `stateful-actor`: with `snapshot` and `restore`.
#[macro_export]
macro_rules! stateful_actor {
    ($new:expr) => {
        $crate::actor!($new);

        #[export_name = "airssys:core-component/component-state@1.0.0#snapshot"]
        pub extern "C" fn airssys_snapshot() -> *const u8 {
            $crate::exports::snapshot()
        }

        #[export_name = "airssys:core-component/component-state@1.0.0#restore"]
        pub extern "C" fn airssys_restore(
            state: usize,
            length: usize,
            version: usize,
            version_length: usize,
        ) -> *const u8 {
            $crate::exports::restore(state, length, version, version_length)
        }

        #[export_name = "cabi_post_airssys:core-component/component-state@1.0.0#snapshot"]
        pub extern "C" fn airssys_after_snapshot(_result: *const u8) {
            $crate::exports::release()
        }

        #[export_name = "cabi_post_airssys:core-component/component-state@1.0.0#restore"]
        pub extern "C" fn airssys_after_restore(_result: *const u8) {
            $crate::exports::release()
        }
    };
}

/// What the exports do. For the macros.
#[doc(hidden)]
pub mod exports {
    use super::{
        byte, bytes, component_id, free, logging, optional_text, own_bytes, own_pairs, own_text, timestamp, word,
        Actor, Area, ComponentId, Config, Context, Error, ExecutionError, Health, Layout, Message, MessagingError,
    };

    /// An instance has one thread, and is entered by one call at a time.
    struct Instance {
        actor: Option<Box<dyn Actor>>,
        area: Area,
        /// What the result at hand points to, until the host has taken it.
        bytes: Vec<Vec<u8>>,
        lists: Vec<Vec<[usize; 2]>>,
        codes: Vec<u32>,
    }

    static mut INSTANCE: Instance =
        Instance { actor: None, area: Area([0; 64]), bytes: Vec::new(), lists: Vec::new(), codes: Vec::new() };

    fn instance() -> &'static mut Instance {
        unsafe { &mut *std::ptr::addr_of_mut!(INSTANCE) }
    }

    fn actor() -> &'static mut dyn Actor {
        match &mut instance().actor {
            Some(actor) => actor.as_mut(),
            None => panic!("called before init"),
        }
    }

    pub unsafe fn realloc(old: *mut u8, old_size: usize, align: usize, size: usize) -> *mut u8 {
        if size == 0 {
            return align as *mut u8;
        }
        let made = if old_size == 0 {
            std::alloc::alloc(Layout::from_size_align_unchecked(size, align))
        } else {
            std::alloc::realloc(old, Layout::from_size_align_unchecked(old_size, align), size)
        };
        if made.is_null() {
            std::process::abort();
        }
        made
    }

    pub fn init(new: Box<dyn Actor>, id: [usize; 6], values: usize, count: usize) -> *const u8 {
        std::panic::set_hook(Box::new(|info| logging::log(logging::Level::Error, &info.to_string(), &[])));
        let instance = instance();
        instance.actor = Some(new);
        let id = ComponentId {
            namespace: own_text(id[0], id[1]),
            name: own_text(id[2], id[3]),
            version: own_text(id[4], id[5]),
        };
        lower_nothing(actor().init(Config { id, values: own_pairs(values, count) }))
    }

    pub fn handle_message(at: *const u8) -> *const u8 {
        let sender = if byte(at, 0) == 0 { None } else { Some(component_id(at.wrapping_add(4))) };
        let message = Message {
            sender,
            payload: bytes(at, 28),
            topic: optional_text(at, 36),
            correlation_id: optional_text(at, 48),
            timestamp: timestamp(at.wrapping_add(64)),
            headers: own_pairs(word(at, 80), word(at, 84)),
        };
        free(at as usize, 88, 8);
        match actor().handle_message(message) {
            Ok(reply) => {
                put_byte(0, 0);
                put_byte(4, u8::from(reply.is_some()));
                if let Some(payload) = reply {
                    put_bytes(8, payload);
                }
                result()
            }
            Err(error) => lower_error(&error),
        }
    }

    pub fn execute(operation: usize, length: usize, correlation: Option<(usize, usize)>, remaining: Option<u64>) -> *const u8 {
        let context = Context {
            correlation_id: correlation.map(|(start, length)| own_text(start, length)),
            remaining_millis: remaining,
        };
        match actor().execute(own_bytes(operation, length), context) {
            Ok(output) => {
                put_byte(0, 0);
                put_bytes(4, output);
                result()
            }
            Err(error) => {
                let (kind, text) = match error {
                    ExecutionError::UnknownOperation(text) => (0, text),
                    ExecutionError::InvalidInput(text) => (1, text),
                    ExecutionError::Failed(text) => (2, text),
                };
                lower_case(kind, text)
            }
        }
    }

    pub fn handle_callback(
        request: usize,
        request_length: usize,
        is_error: bool,
        first: usize,
        second: usize,
        third: usize,
    ) -> *const u8 {
        let outcome = if is_error {
            Err(MessagingError::lift(first as u8, own_text(second, third)))
        } else {
            Ok(own_bytes(first, second))
        };
        lower_nothing(actor().handle_callback(own_text(request, request_length), outcome))
    }

    pub fn metadata() -> *const u8 {
        let metadata = actor().metadata();
        put_bytes(0, metadata.name.into_bytes());
        put_bytes(8, metadata.version.into_bytes());
        put_bytes(16, metadata.description.into_bytes());
        let operations: Vec<[usize; 2]> = metadata.operations.into_iter().map(keep_text).collect();
        put_word(24, operations.as_ptr() as usize);
        put_word(28, operations.len());
        put_word(32, metadata.codecs.as_ptr() as usize);
        put_word(36, metadata.codecs.len());
        instance().lists.push(operations);
        instance().codes = metadata.codecs;
        result()
    }

    pub fn health() -> *const u8 {
        let (status, detail) = match actor().health() {
            Health::Healthy => (0, String::new()),
            Health::Degraded(text) => (1, text),
            Health::Unhealthy(text) => (2, text),
        };
        put_byte(0, status);
        put_bytes(4, detail.into_bytes());
        result()
    }

    pub fn shutdown() -> *const u8 {
        lower_nothing(actor().shutdown())
    }

    pub fn snapshot() -> *const u8 {
        put_bytes(0, actor().snapshot());
        result()
    }

    pub fn restore(state: usize, length: usize, version: usize, version_length: usize) -> *const u8 {
        lower_nothing(actor().restore(own_bytes(state, length), own_text(version, version_length)))
    }

    /// The host has taken the result.
    pub fn release() {
        let instance = instance();
        instance.bytes.clear();
        instance.lists.clear();
        instance.codes.clear();
    }

    pub(super) fn kind_and_text(error: &Error) -> (u8, &str) {
        match error {
            Error::InvalidConfig(text) => (0, text),
            Error::InvalidInput(text) => (1, text),
            Error::Unsupported(text) => (2, text),
            Error::Failed(text) => (3, text),
        }
    }

    fn lower_nothing(answer: Result<(), Error>) -> *const u8 {
        match answer {
            Ok(()) => {
                put_byte(0, 0);
                result()
            }
            Err(error) => lower_error(&error),
        }
    }

    fn lower_error(error: &Error) -> *const u8 {
        let (kind, text) = kind_and_text(error);
        lower_case(kind, text.into())
    }

    fn lower_case(kind: u8, text: String) -> *const u8 {
        put_byte(0, 1);
        put_byte(4, kind);
        put_bytes(8, text.into_bytes());
        result()
    }

    fn result() -> *const u8 {
        instance().area.0.as_ptr()
    }

    fn put_byte(offset: usize, value: u8) {
        instance().area.0[offset] = value;
    }

    fn put_word(offset: usize, value: usize) {
        instance().area.0[offset..offset + 4].copy_from_slice(&(value as u32).to_le_bytes());
    }

    fn put_bytes(offset: usize, value: Vec<u8>) {
        put_word(offset, value.as_ptr() as usize);
        put_word(offset + 4, value.len());
        instance().bytes.push(value);
    }

    fn keep_text(text: String) -> [usize; 2] {
        let lowered = [text.as_ptr() as usize, text.len()];
        instance().bytes.push(text.into_bytes());
        lowered
    }
}
