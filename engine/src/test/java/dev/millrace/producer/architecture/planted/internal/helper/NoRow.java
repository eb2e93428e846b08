package dev.millrace.producer.architecture.planted.internal.helper;

/** In a package without a row. */
public final class NoRow {}
