/** Origins on SSH servers, over SFTP with Apache MINA SSHD. */
@NullMarked
package dev.musicfs.origin.sftp;

import org.jspecify.annotations.NullMarked;
