/** Floor 1: options as records, the TOML loader and its validation. The only room that knows TOML. */
@NullMarked
package dev.musicfs.config;

import org.jspecify.annotations.NullMarked;
