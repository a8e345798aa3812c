/**
 * Floor 2: what backends over HTTP share: a client whose requests are bounded in time and memory, redirects, ranged reads,
 * and XML.
 */
@NullMarked
package dev.musicfs.origin.wire;

import org.jspecify.annotations.NullMarked;
