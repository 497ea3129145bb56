// The browser's part of registering a passkey and of signing in with one. Only pages with such a form load this.
import { startAuthentication, startRegistration } from "@simplewebauthn/browser";

const adding = document.querySelector("form[data-passkey-new]");
const entering = document.querySelector("form[data-passkey-sign-in]");

async function options(address, body) {
  const answer = await fetch(address, { method: "POST", body });
  if (!answer.ok) throw new Error(await reason(answer));
  return answer.json();
}

// The sentence of a refusal, whether it is a page or a problem of the API.
async function reason(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("[data-problem]")?.textContent.trim() ?? "";
}

function say(form, sentence) {
  const place = form.querySelector("[data-passkey-problem]");
  place.textContent = sentence || form.dataset.failed;
  place.hidden = false;
}

async function ask(form, address, body, start) {
  form.querySelector("button").disabled = true;
  try {
    const credential = await start({ optionsJSON: await options(address, body) });
    form.querySelector('[name="credential"]').value = JSON.stringify(credential);
    form.submit();
  } catch (problem) {
    // The person may have closed the browser's question: that is no failure to report in detail.
    say(form, problem.name === "NotAllowedError" ? "" : problem.message);
    form.querySelector("button").disabled = false;
  }
}

// The form is sent once the browser has its answer; until then it may be tried again (forms.js).
function wait(event) {
  event.preventDefault();
  event.stopPropagation();
}

adding?.addEventListener("submit", (event) => {
  wait(event);
  ask(adding, "/account/passkeys/options", new FormData(adding), startRegistration);
});

if (entering && window.PublicKeyCredential) {
  entering.hidden = false;
  entering.action += location.search;
  entering.addEventListener("submit", (event) => {
    wait(event);
    ask(entering, "/sign-in/passkey/options", new FormData(), startAuthentication);
  });
}
