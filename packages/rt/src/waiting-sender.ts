/** A message whose sender waits until the mailbox has room for it. */
export class WaitingSender {
  readonly message: unknown;
  readonly admitted: PromiseWithResolvers<void> = Promise.withResolvers<void>();

  constructor(message: unknown) {
    this.message = message;
  }
}
