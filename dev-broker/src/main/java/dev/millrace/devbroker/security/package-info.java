/**
 * What a secured cluster of a test needs beside the brokers: certificates from an authority of its own, and a server for
 * OAuth tokens. Nothing here is fit for more than development.
 */
@NullMarked
package dev.millrace.devbroker.security;

import org.jspecify.annotations.NullMarked;
