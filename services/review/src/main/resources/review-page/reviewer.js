// Who reviews: whoever signed in, or the name in the field at the top.

import * as api from './api.js';
import { byId } from './format.js';
import { toast } from './messages.js';

const REVIEWER_KEY = 'histoflow.reviewer';

export class Reviewer extends EventTarget {
  #field = byId('reviewer');
  #signInRequired = false;
  #role = null;
  #blindAudit = false;

  /** Tells `change` when somebody else reviews, and `signed-in`. */
  constructor() {
    super();
    this.#field.value = localStorage.getItem(REVIEWER_KEY) ?? '';
    this.#field.addEventListener('change', () => this.#named());
    this.#field.addEventListener('input', () => byId('reviewer-field').classList.remove('missing'));
    byId('sign-in').addEventListener('cancel', (event) => event.preventDefault());
    byId('sign-in-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#signIn();
    });
    byId('sign-out').addEventListener('click', () => this.#signOut());
  }

  /** The name as the service keeps it; empty where none is known yet. */
  get person() {
    return this.#signInRequired
      ? byId('signed-in-name').textContent
      : this.#field.value.trim().normalize('NFC');
  }

  /** Tells whether whoever sits here may claim tiles and give verdicts. */
  get decides() {
    return this.#role !== 'VIEWER';
  }

  /** Tells whether whoever sits here may see the audit and change which weights are in force. */
  get leads() {
    return this.#role === 'LEAD';
  }

  /** Tells whether the model's mask of a tile is hidden until one is drawn. */
  isBlind({ reason }) {
    return this.#blindAudit && reason === 'AUDIT';
  }

  /** The name to be sent with a verdict; null where the service knows it. */
  get named() {
    return this.#signInRequired ? null : this.person;
  }

  /** Reads who is signed in; answers whether that is enough to go on. */
  async load() {
    const {
      reviewer, role, signInRequired, passwords, signInAt, linkRequired, blindAudit,
    } = await api.session();
    this.#signInRequired = signInRequired;
    this.#role = role;
    this.#blindAudit = blindAudit;
    byId('sign-in-link').hidden = !linkRequired;
    byId('sign-in-password-fields').hidden = !passwords;
    byId('sign-in-provider').hidden = !signInAt;
    const here = encodeURIComponent(location.pathname + location.search);
    if (signInAt) byId('sign-in-at').href = `${signInAt}?to=${here}`;
    byId('reviewer-field').hidden = signInRequired;
    byId('signed-in').hidden = !(signInRequired && reviewer);
    byId('signed-in-name').textContent = reviewer ?? '';
    if (signInRequired ? reviewer : !linkRequired) return true;
    this.ask();
    return false;
  }

  /** Asks to sign in. */
  ask() {
    const dialog = byId('sign-in');
    if (!dialog.open) dialog.showModal();
    this.dispatchEvent(new Event('signed-out'));
  }

  /** Answers whether a name is there, and asks for it where not. */
  require() {
    const missing = !this.person;
    byId('reviewer-field').classList.toggle('missing', missing);
    if (missing) {
      toast('Please enter your name at the top right: it is stored with the verdict.', true);
      this.#field.focus();
    }
    return !missing;
  }

  #named() {
    localStorage.setItem(REVIEWER_KEY, this.person);
    this.dispatchEvent(new Event('change'));
  }

  async #signIn() {
    byId('sign-in-error').textContent = '';
    try {
      await api.signIn(byId('sign-in-name').value, byId('sign-in-password').value);
      byId('sign-in-password').value = '';
      byId('sign-in').close();
      this.dispatchEvent(new Event('signed-in'));
    } catch (error) {
      byId('sign-in-error').textContent = error.message;
    }
  }

  async #signOut() {
    try {
      await api.signOut();
      location.reload();
    } catch (error) {
      toast(error.message, true);
    }
  }
}
