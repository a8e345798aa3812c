/** What the control API says: records, which are its JSON, and the routes. */
@NullMarked
package dev.musicfs.control.api;

import org.jspecify.annotations.NullMarked;
