/** Floor 3: how a file is cut into blocks, and what is known of them. Knows neither {@code fetch} nor {@code file}. */
@NullMarked
package dev.musicfs.content.plan;

import org.jspecify.annotations.NullMarked;
