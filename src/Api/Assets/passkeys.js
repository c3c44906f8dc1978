// A form with data-passkey carries the options of a ceremony. It is shown where the browser knows passkeys, asks the
// authenticator before it is sent, and then carries the answer: no request of its own, nothing kept.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const { parseCreationOptionsFromJSON, parseRequestOptionsFromJSON } = window.PublicKeyCredential ?? {};
  if (!parseCreationOptionsFromJSON || !parseRequestOptionsFromJSON) continue;
  form.hidden = false;
  form.addEventListener("submit", async event => {
    event.preventDefault();
    const problem = form.querySelector("[role=alert]");
    problem.hidden = true;
    try {
      const options = JSON.parse(form.dataset.passkey);
      const credential = form.dataset.ceremony === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      problem.hidden = false; // cancelled, timed out, or no passkey of this server
    }
  });
}
