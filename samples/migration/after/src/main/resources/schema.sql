create table if not exists orders (number int primary key, customer varchar(40), item varchar(40), cents bigint);
