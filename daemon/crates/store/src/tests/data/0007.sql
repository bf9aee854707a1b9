INSERT INTO load_epoch (id, zero_at, kept_until, rolled_until) VALUES (1, 1790000000000, 300000, 0);
INSERT INTO load_block (epoch, step_ms, first, steps, total, data) VALUES
    (1, 60000, 0, 5, 5, x'00'),
    (1, 3600000, 0, 1, 1, x'00');
