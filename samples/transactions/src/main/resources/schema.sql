create table if not exists orders (
    number integer primary key,
    customer varchar(100) not null,
    item varchar(200) not null
);
