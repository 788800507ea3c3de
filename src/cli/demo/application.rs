//! The application of `genkan demo`, which the lab plays.

use crate::cli::output::CommandError;
use crate::domain::ids::UserId;
use crate::issuer::Issuer;
use crate::issuer::registration::Draft;
use crate::issuer::registration::flow::Refused;
use crate::lab::Lab;
use crate::lab::application::{Application, SCOPES};
use crate::store::clients::ClientSwitch;
use secrecy::ExposeSecret as _;

/// What it is called; the operator owns it and reads on its page what it was refused.
const NAME: &str = "Lab Notebook";

/// Registers the application anew, for its secret is known to nobody afterwards, and gives it to the lab.
pub(super) async fn register(issuer: &Issuer, owner: UserId, lab: &Lab) -> Result<(), CommandError> {
    for client in issuer.store.list_clients_of(owner).await? {
        if client.metadata.name.as_str() == NAME {
            issuer.delete_client(&client.id, Some(owner)).await.map_err(refuse)?;
        }
    }
    let draft = Draft { name: NAME.to_owned(), redirect_uris: lab.application_callback(), scopes: SCOPES.to_owned(), ..Draft::default() };
    let registered = issuer.register_client(Some(owner), &draft).await.map_err(refuse)?;
    issuer.store.switch_client(&registered.client.id, ClientSwitch::Verified(true), issuer.clock.now()).await?;
    let secret = registered.secret.as_ref().map(|secret| secret.expose_secret().to_owned());
    lab.set_application(Application {
        issuer: issuer.identifier(),
        client_id: registered.client.id.to_string(),
        client_secret: secret.unwrap_or_default(),
    });
    Ok(())
}

fn refuse(refused: Refused) -> CommandError {
    match refused {
        Refused::Store(error) => error.into(),
        _ => CommandError::Failed("the application of the lab cannot be registered".to_owned()),
    }
}
