/** Floor 3: where a track belongs in the mount, by its tags and the template; what a name may look like. */
@NullMarked
package dev.musicfs.tree.template;

import org.jspecify.annotations.NullMarked;
