package dev.musicfs.process;

import java.io.Closeable;
import java.io.IOException;

/** Takes messages for the service manager. */
interface NotificationSender extends Closeable {
    /** Sends one; blocks for as long as the manager's socket is full. */
    void send(String message) throws IOException;
}
