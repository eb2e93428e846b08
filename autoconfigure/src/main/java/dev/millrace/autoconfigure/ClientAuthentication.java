package dev.millrace.autoconfigure;

/** How a client shows its secret to a token endpoint (RFC 6749, 2.3.1). */
enum ClientAuthentication {
    /** As user and password in a header. */
    BASIC,
    /** As fields of the form. */
    POST
}
