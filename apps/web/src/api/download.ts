/** Has the browser save the model behind a signed link, which it asks for itself. @throws APIError */
export async function download(link: PromiseLike<{ readonly body: { readonly model_url: string } }>): Promise<void> {
  const { body } = await link;
  const anchor = document.createElement('a');
  anchor.href = body.model_url;
  anchor.download = '';
  anchor.click();
}
