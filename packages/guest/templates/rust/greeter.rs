//! Greets whoever a message names, tells the journal, and keeps count.
use airssys::{configuration, logging, messaging, raw, Actor, Error, Message, Metadata, RAW};

#[derive(Default)]
struct Greeter {
    greeted: u32,
}

impl Actor for Greeter {
    fn metadata(&self) -> Metadata {
        Metadata { codecs: vec![RAW], ..Metadata::new("greeter", "1.0.0", "Greets, and counts its guests") }
    }

    fn handle_message(&mut self, message: Message) -> Result<Option<Vec<u8>>, Error> {
        let name = String::from_utf8_lossy(message.body());
        if name.is_empty() {
            return Err(Error::InvalidInput("nobody to greet".into()));
        }
        self.greeted += 1;

        if let Err(error) = messaging::send("demo/journal", &raw(&name)) {
            logging::log(logging::Level::Info, &format!("not in the journal: {:?}", error), &[]);
        }

        let greeting = configuration::get("greeting").unwrap_or_else(|| "Good day".into());
        Ok(Some(raw(&format!("{}, {}! You are guest {}.", greeting, name, self.greeted))))
    }
}

airssys::actor!(Greeter::default());
