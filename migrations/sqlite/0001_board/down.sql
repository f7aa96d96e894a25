DROP TABLE events;
DROP TABLE vetoes;
DROP TABLE features;
DROP TABLE items;
DROP TABLE browsers;
DROP TABLE participants;
DROP TABLE boards;
