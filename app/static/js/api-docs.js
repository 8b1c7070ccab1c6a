// @ts-check
/** Shows the API's document with Swagger UI; nothing is asked of any other host. */

/** @type {{SwaggerUIBundle?: (options: object) => unknown}} */
const page = /** @type {any} */ (globalThis);
const place = document.querySelector("#api");

if (place instanceof HTMLElement && page.SwaggerUIBundle) {
  page.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.document,
    deepLinking: true,
    // It would send the document's address to a checker elsewhere.
    validatorUrl: null,
  });
}
