INSERT INTO presence (meeting, person, participant, joined_at, seen_at, ending) VALUES
    (1, 2, 'page-a', 1, 5, 'left'),
    (1, 3, 'page-b', 2, 4, 'cut'),
    (1, 4, 'page-c', 3, 3, NULL);
