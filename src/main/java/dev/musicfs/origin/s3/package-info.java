/** Floor 2: any store that speaks S3. */
@NullMarked
package dev.musicfs.origin.s3;

import org.jspecify.annotations.NullMarked;
