package dev.musicfs.library;

import dev.musicfs.model.RealPath;

/**
 * Something at an origin that cannot be looked at.
 *
 * @param path where it is
 * @param reason the name of the error number behind it, such as {@code EACCES}, or else the kind of failure in lower case
 */
public record UnknownEntry(RealPath path, String reason) {}
