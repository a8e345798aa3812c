/** Floor 3: how blocks are got, kept in memory and stored. Uses {@code plan}, does not know {@code file}. */
@NullMarked
package dev.musicfs.content.fetch;

import org.jspecify.annotations.NullMarked;
