/**
 * A backend as somebody else would write it: a jar with this package and
 * {@code META-INF/services/dev.musicfs.origin.OriginBackend} on the class path is all it takes.
 */
@NullMarked
package dev.musicfs.sample;

import org.jspecify.annotations.NullMarked;
