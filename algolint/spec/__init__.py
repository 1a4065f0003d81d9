"""From a document to findings: recognizing a spec, binding it to the API's shapes, and calling the rules."""
