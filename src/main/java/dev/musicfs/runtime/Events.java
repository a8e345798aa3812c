package dev.musicfs.runtime;

import io.vertx.core.Vertx;

/** Where announcements go. For any thread; never throws, never blocks. */
@FunctionalInterface
public interface Events {
    /**
     * Tells everybody who listens at one of {@link EventAddresses}.
     *
     * @param event a record with plain fields: text, numbers and flags
     */
    void publish(String address, Record event);

    /** To those who listen on this event bus, by reference; {@link LocalMessages#register} must have been called. */
    static Events on(Vertx vertx) {
        return (address, event) -> vertx.eventBus().publish(address, event, LocalMessages.reply());
    }
}
